import type { CardGroup, CardName } from '../command-cards.ts';
import type { Translated } from './languages.ts';

/** A digit is its own word in every language. */
type NamedCard = Exclude<CardName, `${number}`>;

/** Words of the sheet of command cards. */
interface CommandStrings {
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

export const COMMAND_STRINGS: Translated<CommandStrings> = {
  zh: {
    title: '命令卡',
    print: '打印',
    back: '返回终端页',
    intro: '打印后放在柜台上：只用扫码枪就能完成收款和撤单。',
    groups: { amount: '金额', sale: '销售与回答', order: '屏幕上的订单', screens: '页面' },
    cards: {
      point: '小数点',
      erase: '退格',
      collect: '收款',
      nextSale: '下一笔',
      confirm: '是',
      cancel: '否',
      revoke: '撤单',
      giveUp: '放弃',
      tryNow: '立即重试',
      toCollect: '收款页',
      toOrders: '订单页',
      toInDoubt: '未决页',
      toTerminal: '终端页',
    },
    stepsTitle: '只用扫码枪',
    steps: [
      '逐位扫描金额，例如 1、2、小数点、5、0。',
      '扫描顾客的付款码，终端立即收款。如果先扫了付款码，请再扫“收款”。',
      '按屏幕的指示做，然后扫“下一笔”。',
      '要撤单：扫描小票上的单号找到订单，再扫“撤单”，最后扫“是”。',
    ],
    slipTitle: '收银程序的小票',
    slipIntro: '收银程序可以把二维码印在小票上，扫描后金额和单号就已填好。',
    slips: [
      { text: 'REDRESS:SALE:12.34:T-77', meaning: '销售单 T-77，金额 12.34' },
      { text: 'REDRESS:AMOUNT:12.34', meaning: '金额 12.34' },
    ],
  },
  en: {
    title: 'Command cards',
    print: 'Print',
    back: 'Back to Terminal',
    intro: 'Print this sheet for the counter: a sale and its revoke can then be done with the scanner alone.',
    groups: {
      amount: 'Amount',
      sale: 'Sale and answers',
      order: 'The order on the screen',
      screens: 'Screens',
    },
    cards: {
      point: 'Point',
      erase: 'Erase',
      collect: 'Collect',
      nextSale: 'Next sale',
      confirm: 'Yes',
      cancel: 'No',
      revoke: 'Revoke',
      giveUp: 'Give up',
      tryNow: 'Try now',
      toCollect: 'Go to Collect',
      toOrders: 'Go to Orders',
      toInDoubt: 'Go to In doubt',
      toTerminal: 'Go to Terminal',
    },
    stepsTitle: 'With the scanner alone',
    steps: [
      'Scan the amount key by key, for example 1, 2, Point, 5, 0.',
      'Scan the code of the customer: the terminal collects at once. If that code came first, scan Collect.',
      'Do what the screen says, then scan Next sale.',
      'To revoke, scan the number on the receipt, then Revoke, then Yes.',
    ],
    slipTitle: 'Slips of a till program',
    slipIntro:
      'A till program may print one of these texts as a code; scanning it fills in the amount and the number of the sale.',
    slips: [
      { text: 'REDRESS:SALE:12.34:T-77', meaning: 'Sale T-77 of 12.34' },
      { text: 'REDRESS:AMOUNT:12.34', meaning: 'An amount of 12.34' },
    ],
  },
};
