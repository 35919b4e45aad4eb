import type { Bilingual } from '../renderer/strings/languages.ts';
import type { CardGroup, CardName } from './command-cards-table.ts';

/** A digit is its own word in every language. */
type NamedCard = Exclude<CardName, `${number}`>;

/** Words of the sheet of command cards. */
interface CommandCardStrings {
  readonly title: string;
  readonly print: string;
  readonly back: string;
  readonly intro: string;
  readonly groups: Readonly<Record<CardGroup, string>>;
  readonly cards: Readonly<Record<NamedCard, string>>;
  readonly stepsTitle: string;
  readonly steps: readonly string[];
  readonly slipTitle: string;
  readonly slipIntro: string;
  readonly slips: readonly { readonly text: string; readonly meaning: string }[];
}

export const COMMAND_CARD_STRINGS: Bilingual<CommandCardStrings> = {
  title: ['命令卡', 'Command cards'],
  print: ['打印本页', 'prints this sheet'],
  back: ['返回终端页', 'Back to Terminal'],
  intro: [
    '打印后放在柜台上：只用扫码枪就能完成收款和撤单。',
    'Print this sheet for the counter: a sale and its revoke can then be done with the scanner alone.',
  ],
  groups: {
    amount: ['金额', 'Amount'],
    sale: ['销售与回答', 'Sale and answers'],
    order: ['屏幕上的订单', 'The order on the screen'],
    screens: ['页面', 'Screens'],
  },
  cards: {
    point: ['小数点', 'Point'],
    erase: ['退格', 'Erase'],
    collect: ['收款', 'Collect'],
    nextSale: ['下一笔', 'Next sale'],
    confirm: ['是', 'Yes'],
    cancel: ['否', 'No'],
    revoke: ['撤单', 'Revoke'],
    giveUp: ['放弃', 'Give up'],
    tryNow: ['立即重试', 'Try now'],
    toCollect: ['收款页', 'Go to Collect'],
    toOrders: ['订单页', 'Go to Orders'],
    toInDoubt: ['未决页', 'Go to In doubt'],
    toTerminal: ['终端页', 'Go to Terminal'],
  },
  stepsTitle: ['只用扫码枪', 'With the scanner alone'],
  steps: [
    [
      '逐位扫描金额，例如 1、2、小数点、5、0。',
      '扫描顾客的付款码，终端立即收款。如果先扫了付款码，请再扫“收款”。',
      '按屏幕的指示做，然后扫“下一笔”。',
      '要撤单：扫描小票上的单号找到订单，再扫“撤单”，最后扫“是”。',
    ],
    [
      'Scan the amount key by key, for example 1, 2, Point, 5, 0.',
      'Scan the code of the customer: the terminal collects at once. If that code came first, scan Collect.',
      'Do what the screen says, then scan Next sale.',
      'To revoke, scan the number on the receipt, then Revoke, then Yes.',
    ],
  ],
  slipTitle: ['收银程序的小票', 'Slips of a till program'],
  slipIntro: [
    '收银程序可以把二维码印在小票上，扫描后金额和单号就已填好。',
    'A till program may print one of these texts as a code; scanning it fills in the amount and the number of the sale.',
  ],
  slips: [
    [
      { text: 'REDRESS:SALE:12.34:T-77', meaning: '销售单 T-77，金额 12.34' },
      { text: 'REDRESS:AMOUNT:12.34', meaning: '金额 12.34' },
    ],
    [
      { text: 'REDRESS:SALE:12.34:T-77', meaning: 'Sale T-77 of 12.34' },
      { text: 'REDRESS:AMOUNT:12.34', meaning: 'An amount of 12.34' },
    ],
  ],
};
