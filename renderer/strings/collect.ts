import type { Translated } from './languages.ts';

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
  readonly details: string;
  readonly recent: string;
  readonly noRecent: string;
  readonly guardTitle: string;
  readonly guardSentence: string;
  readonly guardQuestion: (amount: string) => string;
  readonly chargeAnyway: string;
  readonly doNotCharge: string;
  readonly showThatOrder: string;
  readonly practiceGuide: string;
  readonly practiceCases: Readonly<Record<PracticeCase, string>>;
}

/** What the practice gateway does for amounts with certain last digits. */
export const PRACTICE_AMOUNTS = {
  normal: '12.34',
  lineDead: '10.12',
  declined: '10.16',
  pendingThenPaid: '10.14',
  lateApproval: '10.26',
  revokeRefused: '10.22',
  needsPerson: '10.23',
} as const;
export type PracticeCase = keyof typeof PRACTICE_AMOUNTS;

export const COLLECT_STRINGS: Translated<CollectStrings> = {
  zh: {
    newSale: '新的收款',
    amount: '金额',
    code: '付款码',
    codeHint: '请扫描顾客的付款码',
    codeHeld: '已扫码。请输入金额，再按“收款”。',
    saleId: '销售单号',
    subject: '商品说明',
    more: '更多',
    keypad: '数字键盘',
    erase: '退格',
    collect: '收款',
    instruction: '指示',
    idleHeadline: '可以收款',
    idleSentence: '输入金额，然后扫描顾客的付款码。',
    nextSale: '下一笔',
    details: '查看经过',
    recent: '最近订单',
    noRecent: '今天还没有订单。',
    guardTitle: '这笔销售还有一笔付款没有结果',
    guardSentence: '顾客可能已经被扣款。再收一次，可能会扣两次款；终端会自动退回多出的一笔。最好等待结果。',
    guardQuestion: (amount) => `仍要收取 ${amount}？`,
    chargeAnyway: '仍然收款',
    doNotCharge: '不收款',
    showThatOrder: '查看那一笔',
    practiceGuide: '可以这样试',
    practiceCases: {
      normal: '成功',
      lineDead: '扣款后断线',
      declined: '被拒绝',
      pendingThenPaid: '稍后成功',
      lateApproval: '迟到的扣款',
      revokeRefused: '撤单被拒',
      needsPerson: '需负责人',
    },
  },
  en: {
    newSale: 'New sale',
    amount: 'Amount',
    code: 'Payment code',
    codeHint: "Scan the customer's wallet",
    codeHeld: 'Scanned. Enter the amount, then Collect.',
    saleId: 'Sale reference',
    subject: 'Goods',
    more: 'More',
    keypad: 'Keypad',
    erase: 'Erase',
    collect: 'Collect',
    instruction: 'Instruction',
    idleHeadline: 'Ready',
    idleSentence: "Enter the amount, then scan the customer's wallet code.",
    nextSale: 'Next sale',
    details: 'What happened',
    recent: 'Latest orders',
    noRecent: 'No orders yet today.',
    guardTitle: 'An earlier order of this sale is not decided yet',
    guardSentence:
      'The customer may be charged already. Collecting again may charge twice; the terminal then gives the later charge back. It is better to wait.',
    guardQuestion: (amount) => `Charge ${amount} anyway?`,
    chargeAnyway: 'Charge anyway',
    doNotCharge: 'Do not charge',
    showThatOrder: 'Show that order',
    practiceGuide: 'Try these',
    practiceCases: {
      normal: 'Paid',
      lineDead: 'Line goes dead',
      declined: 'Declined',
      pendingThenPaid: 'Paid later',
      lateApproval: 'Late approval',
      revokeRefused: 'Revoke refused',
      needsPerson: 'Needs a person',
    },
  },
};
