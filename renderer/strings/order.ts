import type { RefusalCode } from '../../shared/order/effect.ts';
import type { Call, Charged, Instruction, OrderState, Reason } from '../../shared/order/order.ts';
import type { Bilingual } from './languages.ts';

/** The words for what happens to money; every screen uses the same ones. */
interface OrderStrings {
  readonly headlines: Readonly<Record<Instruction, string>>;
  readonly paymentStands: string;
  readonly shortInstructions: Readonly<Record<Instruction, string>>;
  readonly states: Readonly<Record<OrderState, string>>;
  readonly sentences: Readonly<Record<OrderState, string>>;
  /** Where a refund is called otherwise than a cancel or a revoke in the same state. */
  readonly refundStates: Readonly<Record<'reversing' | 'reversed' | 'revoking' | 'revoked', string>>;
  readonly refundSentences: Readonly<Record<'reversing' | 'verifying' | 'reversed', string>>;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly charged: Readonly<Record<Charged, string>>;
  /** Why neither revoke nor refund may be pressed. */
  readonly refusals: Readonly<Record<RefusalCode, string>>;

  readonly waitingForNetwork: string;
  readonly waitingForConfiguration: string;
  readonly nextCall: Readonly<Record<Call, (wait: string) => string>>;
  readonly callNow: Readonly<Record<Call, string>>;
  readonly calls: Readonly<Record<Call, string>>;
  readonly decidedWithin: (wait: string) => string;
  readonly giveUpIn: (wait: string) => string;

  readonly sale: string;
  readonly order: string;
  readonly acquirerNumber: string;
  readonly subject: string;
  readonly operator: string;
  readonly acquirerSaid: string;

  readonly revoke: string;
  readonly refund: string;
  readonly giveUp: string;
  readonly tryNow: string;
}

export const ORDER_STRINGS: Bilingual<OrderStrings> = {
  headlines: {
    wait: ['请等待', 'Wait'],
    hand_over: ['可以交货', 'Hand over the goods'],
    do_not_hand_over: ['不要交货', 'Do not hand over'],
    take_goods_back_when_confirmed: ['等待退款确认', 'Wait for the money to return'],
    goods_back: ['收回商品', 'Take the goods back'],
    call_shift_lead: ['请叫值班负责人', 'Call the shift lead'],
  },
  paymentStands: ['付款有效，不退货', 'The payment stands'],
  shortInstructions: {
    wait: ['请等待', 'Wait'],
    hand_over: ['可以交货', 'Hand over'],
    do_not_hand_over: ['不要交货', 'Do not hand over'],
    take_goods_back_when_confirmed: ['确认后收回商品', 'Goods back when confirmed'],
    goods_back: ['收回商品', 'Goods back'],
    call_shift_lead: ['请叫值班负责人', 'Call the shift lead'],
  },
  states: {
    collecting: ['收款中', 'Collecting'],
    confirming: ['确认中', 'Confirming'],
    paid: ['已付款', 'Paid'],
    declined: ['未扣款', 'Not charged'],
    reversing: ['冲正中', 'Cancelling'],
    verifying: ['等待证明', 'Waiting for proof'],
    reversed: ['已冲正并证明', 'Cancelled, proved'],
    revoking: ['撤单中', 'Returning money'],
    revoked: ['已撤单并证明', 'Money returned'],
    attention: ['需人工处理', 'Needs a person'],
    resolved: ['已人工处理', 'Settled by a person'],
  },
  sentences: {
    collecting: [
      '正在收款，顾客可能需要在手机上确认。',
      'The payment is under way. The customer may have to confirm it on the phone.',
    ],
    confirming: [
      '还没有最终结果，终端正在查询顾客是否已被扣款。',
      'No final answer yet. The terminal is asking whether the customer was charged.',
    ],
    paid: ['付款已确认。', 'The payment is confirmed.'],
    declined: ['顾客没有被扣款。', 'The customer was not charged.'],
    reversing: [
      '终端正在撤销这笔付款，可以接待下一位顾客。',
      'The terminal is cancelling this payment. You may serve the next customer.',
    ],
    verifying: [
      '撤销已被受理，终端正在等待未扣款的证明。',
      'The cancellation is accepted. The terminal is waiting for proof that nothing was charged.',
    ],
    reversed: ['已证明：本笔没有扣款。', 'Proved: nothing is charged for this order.'],
    revoking: [
      '终端正在退还款项，屏幕提示后再收回商品。',
      'The terminal is returning the money. Take the goods back when this screen says so.',
    ],
    revoked: ['款项已退回顾客。', 'The money is back with the customer.'],
    attention: ['终端无法独自处理这笔付款。', 'The terminal cannot settle this payment alone.'],
    resolved: ['这笔付款已由负责人处理。', 'This payment was settled by a named person.'],
  },
  refundStates: {
    reversing: ['退款中', 'Refunding'],
    reversed: ['已退款并证明', 'Refunded, proved'],
    revoking: ['退款中', 'Refunding'],
    revoked: ['已退款并证明', 'Refunded, proved'],
  },
  refundSentences: {
    reversing: [
      '终端正在退款，可以接待下一位顾客。',
      'The terminal is refunding this payment. You may serve the next customer.',
    ],
    verifying: [
      '退款已被受理，终端正在等待款项退回的证明。',
      'The refund is accepted. The terminal is waiting for proof that the money is back.',
    ],
    reversed: ['已证明：款项已退回顾客。', 'Proved: the money is back with the customer.'],
  },
  reasons: {
    not_sent: ['无法连接收单方，付款没有发出。', 'The acquirer could not be reached, so nothing was sent.'],
    declined_by_acquirer: ['钱包或收单方拒绝了付款。', 'The wallet or the acquirer declined the payment.'],
    configuration: [
      '收单方不接受本终端的设置，请联系技术人员。',
      "The acquirer refuses this terminal's settings. Call IT.",
    ],
    payment_ended: ['收单方已结束付款，没有扣款。', 'The acquirer ended the payment without a charge.'],
    no_answer: ['没有及时得到最终结果。', 'No final answer came in time.'],
    given_up: ['收银员已放弃。', 'The cashier gave up.'],
    late_approval: ['撤销之后才到账。', 'The charge arrived only after the cancellation.'],
    duplicate_charge: [
      '这笔销售已由另一笔订单付清，请按那一笔交货。',
      'The sale is paid by another order; hand over on that one.',
    ],
    cancel_refused: ['收单方拒绝了撤销。', 'The acquirer refused the cancellation.'],
    window_closed: ['可撤销的当日已过。', 'The day in which it could be cancelled is over.'],
    amount_mismatch: ['收单方报告的金额不一致。', 'The acquirer reports another amount.'],
    evidence_conflict: ['收单方的答复互相矛盾。', 'The answers of the acquirer contradict each other.'],
    bound_reached: ['终端已达到尝试次数上限。', 'The terminal tried as often as it may.'],
    revoke_requested: ['本柜台要求撤单。', 'The revoke was asked for at this counter.'],
    revoke_refused: ['撤单被拒绝，付款仍然有效。', 'The revoke was refused; the payment stands.'],
    revoke_window_closed: [
      '可撤单的当日已过，付款仍然有效。',
      'The day in which it could be revoked is over; the payment stands.',
    ],
    refund_requested: ['本柜台要求退款。', 'The refund was asked for at this counter.'],
    refund_refused: ['退款被拒绝，款项没有退回。', 'The refund was refused; no money was returned.'],
    refund_unproved: [
      '收单方已受理退款，但仍报告已扣款，终端会继续查询。',
      'The acquirer accepted the refund and still reports the charge. The terminal goes on asking.',
    ],
    settled_by_person: ['证据和理由已记入日志。', 'The evidence and the reason are in the journal.'],
  },
  charged: { yes: ['已扣款', 'Charged'], no: ['未扣款', 'Not charged'], unknown: ['不确定', 'Not known'] },
  refusals: {
    already_revoked: ['款项已退回', 'Money returned already'],
    being_revoked: ['款项正在退回', 'Money on its way back'],
    not_paid: ['没有扣款，无需退回', 'Nothing charged, nothing to return'],
    undecided: ['尚无结果', 'Not decided yet'],
    needs_person: ['等待值班负责人', 'Waits for the shift lead'],
    revoke_window_closed: ['只能当日撤单，请改用退款', 'Only on the same day; refund instead'],
    cancel_possible: ['仍可免费撤回，请先撤单或再次撤销', 'Can still be taken back without a fee'],
    nothing_owed: ['没有欠下的操作', 'Nothing owed'],
    not_in_doubt: ['没有疑问', 'Not in doubt'],
    not_in_attention: ['无需人工处理', 'Needs no person'],
  },
  waitingForNetwork: ['正在等待网络，恢复后自动继续。', 'Waiting for the network. It goes on by itself.'],
  waitingForConfiguration: [
    '正在等待修复设置，请联系技术人员，恢复后自动继续。',
    'Waiting for the settings to be repaired. Call IT; it goes on by itself.',
  ],
  nextCall: {
    pay: [(wait) => `${wait}后发送`, (wait) => `Sending in ${wait}`],
    query: [(wait) => `${wait}后再次查询`, (wait) => `Asking again in ${wait}`],
    cancel: [(wait) => `${wait}后再次撤销`, (wait) => `Cancelling again in ${wait}`],
    revoke: [(wait) => `${wait}后再次撤单`, (wait) => `Returning again in ${wait}`],
    refund: [(wait) => `${wait}后再次退款`, (wait) => `Refunding again in ${wait}`],
  },
  callNow: {
    pay: ['正在等待答复…', 'Waiting for the answer…'],
    query: ['正在查询…', 'Asking now…'],
    cancel: ['正在撤销…', 'Cancelling now…'],
    revoke: ['正在撤单…', 'Returning now…'],
    refund: ['正在退款…', 'Refunding now…'],
  },
  calls: {
    pay: ['付款', 'Pay'],
    query: ['查询', 'Query'],
    cancel: ['撤销', 'Cancel'],
    revoke: ['撤单', 'Revoke'],
    refund: ['退款', 'Refund'],
  },
  decidedWithin: [(wait) => `最多 ${wait}内有结果`, (wait) => `Decided in ${wait} at most`],
  giveUpIn: [(wait) => `${wait}后可以放弃`, (wait) => `You can give up in ${wait}`],
  sale: ['销售单', 'Sale'],
  order: ['订单', 'Order'],
  acquirerNumber: ['收单方单号', "Acquirer's number"],
  subject: ['商品', 'Goods'],
  operator: ['操作员', 'Operator'],
  acquirerSaid: ['收单方答复', 'The acquirer said'],
  revoke: ['撤单', 'Revoke'],
  refund: ['退款', 'Refund'],
  giveUp: ['放弃', 'Give up'],
  tryNow: ['立即重试', 'Try now'],
};
