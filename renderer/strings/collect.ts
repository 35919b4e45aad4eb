import type { Bilingual } from './languages.ts';

/** Words of the Collect screen. */
interface CollectStrings {
  readonly newSale: string;
  readonly amount: string;
  readonly code: string;
  readonly codeHint: string;
  readonly codeHeld: string;
  readonly saleId: string;
  readonly subject: string;
  readonly more: string;
  readonly keypad: string;
  readonly erase: string;
  readonly collect: string;
  readonly instruction: string;
  readonly idleHeadline: string;
  readonly idleSentence: string;
  readonly nextSale: string;
  readonly recent: string;
  readonly noRecent: string;
  readonly guardTitle: string;
  readonly guardSentence: string;
  readonly guardQuestion: (amount: string) => string;
  readonly chargeAnyway: string;
  readonly doNotCharge: string;
  readonly showThatOrder: string;
  readonly practiceGuide: string;
  /** What the practice gateway does for an amount, told by its last digits. */
  readonly practiceCases: Readonly<Record<`${number}`, string>>;
}

export const COLLECT_STRINGS: Bilingual<CollectStrings> = {
  newSale: ['新的收款', 'New sale'],
  amount: ['金额', 'Amount'],
  code: ['付款码', 'Payment code'],
  codeHint: ['请扫描顾客的付款码', "Scan the customer's wallet"],
  codeHeld: ['已扫码。请输入金额，再按“收款”。', 'Scanned. Enter the amount, then Collect.'],
  saleId: ['销售单号', 'Sale reference'],
  subject: ['商品说明', 'Goods'],
  more: ['更多', 'More'],
  keypad: ['数字键盘', 'Keypad'],
  erase: ['退格', 'Erase'],
  collect: ['收款', 'Collect'],
  instruction: ['指示', 'Instruction'],
  idleHeadline: ['可以收款', 'Ready'],
  idleSentence: [
    '输入金额，然后扫描顾客的付款码。',
    "Enter the amount, then scan the customer's wallet code.",
  ],
  nextSale: ['下一笔', 'Next sale'],
  recent: ['最近订单', 'Latest orders'],
  noRecent: ['还没有订单。', 'No orders yet.'],
  guardTitle: ['这笔销售还有一笔付款没有结果', 'An earlier order of this sale is not decided yet'],
  guardSentence: [
    '顾客可能已经被扣款。再收一次可能扣两次款，终端会退回后一笔。最好等待结果。',
    'The customer may be charged already. Collecting again may charge twice; the terminal gives the later one back. It is better to wait.',
  ],
  guardQuestion: [(amount) => `仍要收取 ${amount}？`, (amount) => `Charge ${amount} anyway?`],
  chargeAnyway: ['仍然收款', 'Charge anyway'],
  doNotCharge: ['不收款', 'Do not charge'],
  showThatOrder: ['查看那一笔', 'Show that order'],
  practiceGuide: ['可以这样试', 'Try these'],
  practiceCases: {
    '12.34': ['成功', 'Paid'],
    '10.12': ['扣款后断线', 'Line goes dead'],
    '10.16': ['被拒绝', 'Declined'],
    '10.14': ['稍后成功', 'Paid later'],
    '10.26': ['迟到的扣款', 'Late approval'],
    '10.22': ['撤单被拒', 'Revoke refused'],
    '10.23': ['需负责人', 'Needs a person'],
  },
};
