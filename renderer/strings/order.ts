import type { RefusalCode } from '../../shared/order/effect.ts';
import type { Call, Charged, Instruction, OrderState, Reason } from '../../shared/order/order.ts';
import type { Translated } from './languages.ts';

/** The words for what happens to money; every screen uses the same ones. */
interface OrderStrings {
  readonly headlines: Readonly<Record<Instruction, string>>;
  readonly shortInstructions: Readonly<Record<Instruction, string>>;
  readonly states: Readonly<Record<OrderState, string>>;
  readonly sentences: Readonly<Record<OrderState, string>>;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly charged: Readonly<Record<Charged, string>>;
  readonly revokeRefusals: Readonly<Record<RefusalCode, string>>;

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
  readonly time: string;
  readonly acquirerSaid: string;

  readonly revoke: string;
  readonly giveUp: string;
  readonly tryNow: string;
}

export const ORDER_STRINGS: Translated<OrderStrings> = {
  zh: {
    headlines: {
      wait: '请等待',
      hand_over: '可以交货',
      do_not_hand_over: '不要交货',
      take_goods_back_when_confirmed: '等待退款确认',
      goods_back: '收回商品',
      call_shift_lead: '请叫值班负责人',
    },
    shortInstructions: {
      wait: '请等待',
      hand_over: '可以交货',
      do_not_hand_over: '不要交货',
      take_goods_back_when_confirmed: '确认后收回商品',
      goods_back: '收回商品',
      call_shift_lead: '请叫值班负责人',
    },
    states: {
      collecting: '收款中',
      confirming: '确认中',
      paid: '已付款',
      declined: '未扣款',
      reversing: '冲正中',
      verifying: '等待证明',
      reversed: '已冲正并证明',
      revoking: '撤单中',
      revoked: '已撤单并证明',
      attention: '需人工处理',
      resolved: '已人工处理',
    },
    sentences: {
      collecting: '正在收款，顾客可能需要在手机上确认。',
      confirming: '还没有最终结果，终端正在查询顾客是否已被扣款。',
      paid: '付款已确认。',
      declined: '顾客没有被扣款。',
      reversing: '终端正在撤销这笔付款，可以接待下一位顾客。',
      verifying: '撤销已被受理，终端正在等待未扣款的证明。',
      reversed: '已证明：本笔没有扣款。',
      revoking: '终端正在退还款项，屏幕提示后再收回商品。',
      revoked: '款项已退回顾客。',
      attention: '终端无法独自处理这笔付款。',
      resolved: '这笔付款已由负责人处理。',
    },
    reasons: {
      not_sent: '无法连接收单方，付款没有发出。',
      declined_by_acquirer: '钱包或收单方拒绝了付款。',
      configuration: '收单方不接受本终端的设置，请联系技术人员。',
      payment_ended: '收单方已结束付款，没有扣款。',
      no_answer: '没有及时得到最终结果。',
      given_up: '收银员已放弃。',
      late_approval: '撤销之后才到账，正在冲正。',
      duplicate_charge: '这笔销售已由另一笔订单付清，请按那一笔交货。',
      cancel_refused: '收单方拒绝了撤销。',
      window_closed: '可撤销的当日已过。',
      amount_mismatch: '收单方报告的金额不一致。',
      evidence_conflict: '收单方的答复互相矛盾。',
      bound_reached: '终端已达到尝试次数上限。',
      revoke_requested: '本柜台要求撤单。',
      revoke_refused: '撤单被拒绝，付款仍然有效。',
      revoke_window_closed: '可撤单的当日已过，付款仍然有效。',
      settled_by_person: '证据和理由已记入日志。',
    },
    charged: { yes: '已扣款', no: '未扣款', unknown: '不确定' },
    revokeRefusals: {
      already_revoked: '已撤单',
      being_revoked: '正在撤单',
      not_paid: '没有扣款，无需撤单',
      undecided: '尚未有结果',
      needs_person: '等待值班负责人',
      revoke_window_closed: '只能当日撤单，请另行退款',
      nothing_owed: '没有欠下的操作',
      not_in_doubt: '没有疑问',
      not_in_attention: '无需人工处理',
    },
    waitingForNetwork: '正在等待网络，恢复后自动继续。',
    waitingForConfiguration: '正在等待修复设置，请联系技术人员，之后自动继续。',
    nextCall: {
      pay: (wait) => `${wait}后发送`,
      query: (wait) => `${wait}后再次查询`,
      cancel: (wait) => `${wait}后再次撤销`,
      revoke: (wait) => `${wait}后再次撤单`,
    },
    callNow: {
      pay: '正在等待答复…',
      query: '正在查询…',
      cancel: '正在撤销…',
      revoke: '正在撤单…',
    },
    calls: { pay: '付款', query: '查询', cancel: '撤销', revoke: '撤单' },
    decidedWithin: (wait) => `最多 ${wait}内有结果`,
    giveUpIn: (wait) => `${wait}后可以放弃`,
    sale: '销售单',
    order: '订单',
    acquirerNumber: '收单方单号',
    subject: '商品',
    operator: '操作员',
    time: '时间',
    acquirerSaid: '收单方答复',
    revoke: '撤单',
    giveUp: '放弃',
    tryNow: '立即重试',
  },
  en: {
    headlines: {
      wait: 'Wait',
      hand_over: 'Hand over the goods',
      do_not_hand_over: 'Do not hand over',
      take_goods_back_when_confirmed: 'Wait for the money to return',
      goods_back: 'Take the goods back',
      call_shift_lead: 'Call the shift lead',
    },
    shortInstructions: {
      wait: 'Wait',
      hand_over: 'Hand over',
      do_not_hand_over: 'Do not hand over',
      take_goods_back_when_confirmed: 'Goods back when confirmed',
      goods_back: 'Goods back',
      call_shift_lead: 'Call the shift lead',
    },
    states: {
      collecting: 'Collecting',
      confirming: 'Confirming',
      paid: 'Paid',
      declined: 'Not charged',
      reversing: 'Cancelling',
      verifying: 'Waiting for proof',
      reversed: 'Cancelled, proved',
      revoking: 'Returning money',
      revoked: 'Money returned',
      attention: 'Needs a person',
      resolved: 'Settled by a person',
    },
    sentences: {
      collecting: 'The payment is under way. The customer may have to confirm it on the phone.',
      confirming: 'No final answer yet. The terminal is asking whether the customer was charged.',
      paid: 'The payment is confirmed.',
      declined: 'The customer was not charged.',
      reversing: 'The terminal is cancelling this payment. You may serve the next customer.',
      verifying: 'The cancellation is accepted. The terminal is waiting for proof that nothing was charged.',
      reversed: 'Proved: nothing is charged for this order.',
      revoking: 'The terminal is returning the money. Take the goods back when this screen says so.',
      revoked: 'The money is back with the customer.',
      attention: 'The terminal cannot settle this payment alone.',
      resolved: 'This payment was settled by a named person.',
    },
    reasons: {
      not_sent: 'The acquirer could not be reached, so nothing was sent.',
      declined_by_acquirer: 'The wallet or the acquirer declined the payment.',
      configuration: "The acquirer refuses this terminal's settings. Call IT.",
      payment_ended: 'The acquirer ended the payment without a charge.',
      no_answer: 'No final answer came in time.',
      given_up: 'The cashier gave up.',
      late_approval: 'The charge arrived after the cancellation; it is being taken back.',
      duplicate_charge: 'The sale is paid by another order; hand over on that one.',
      cancel_refused: 'The acquirer refused the cancellation.',
      window_closed: 'The day in which it could be cancelled is over.',
      amount_mismatch: 'The acquirer reports another amount.',
      evidence_conflict: 'The answers of the acquirer contradict each other.',
      bound_reached: 'The terminal tried as often as it may.',
      revoke_requested: 'The revoke was asked for at this counter.',
      revoke_refused: 'The revoke was refused; the payment stands.',
      revoke_window_closed: 'The day in which it could be revoked is over; the payment stands.',
      settled_by_person: 'The evidence and the reason are in the journal.',
    },
    charged: { yes: 'Charged', no: 'Not charged', unknown: 'Not known' },
    revokeRefusals: {
      already_revoked: 'Already revoked',
      being_revoked: 'Revoke under way',
      not_paid: 'Nothing charged, nothing to revoke',
      undecided: 'Not decided yet',
      needs_person: 'Waits for the shift lead',
      revoke_window_closed: 'Only on the same day; refund instead',
      nothing_owed: 'Nothing owed',
      not_in_doubt: 'Not in doubt',
      not_in_attention: 'Needs no person',
    },
    waitingForNetwork: 'Waiting for the network. It goes on by itself.',
    waitingForConfiguration: 'Waiting for the settings to be repaired. Call IT; it goes on by itself.',
    nextCall: {
      pay: (wait) => `Sending in ${wait}`,
      query: (wait) => `Asking again in ${wait}`,
      cancel: (wait) => `Cancelling again in ${wait}`,
      revoke: (wait) => `Returning again in ${wait}`,
    },
    callNow: {
      pay: 'Waiting for the answer…',
      query: 'Asking now…',
      cancel: 'Cancelling now…',
      revoke: 'Returning now…',
    },
    calls: { pay: 'Pay', query: 'Query', cancel: 'Cancel', revoke: 'Revoke' },
    decidedWithin: (wait) => `Decided in ${wait} at most`,
    giveUpIn: (wait) => `You can give up in ${wait}`,
    sale: 'Sale',
    order: 'Order',
    acquirerNumber: "Acquirer's number",
    subject: 'Goods',
    operator: 'Operator',
    time: 'Time',
    acquirerSaid: 'The acquirer said',
    revoke: 'Revoke',
    giveUp: 'Give up',
    tryNow: 'Try now',
  },
};
