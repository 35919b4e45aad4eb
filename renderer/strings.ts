import type { OrderCard } from '../shared/contract.ts';
import type { ErrorCode } from '../shared/errors.ts';
import type { RefusalCode } from '../shared/order/effect.ts';
import type { Call, Instruction, OrderState, Reason } from '../shared/order/order.ts';

/** Every word on the screen. A key that one language lacks is a type error. */
export interface Strings {
  readonly connecting: string;
  readonly terminal: string;
  readonly businessDay: string;
  readonly online: string;
  readonly offline: string;
  readonly otherLanguage: string;

  readonly collect: string;
  readonly newSale: string;
  readonly amount: string;
  readonly code: string;
  readonly codeHint: string;
  readonly saleId: string;
  readonly optional: string;
  readonly collecting: string;

  readonly instruction: string;
  readonly idleHeadline: string;
  readonly idleSentence: string;
  readonly headlines: Readonly<Record<Instruction, string>>;
  readonly sentences: Readonly<Record<OrderState, string>>;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly waitingForNetwork: string;
  readonly waitingForConfiguration: string;
  readonly nextCall: Readonly<Record<Call, (wait: string) => string>>;
  readonly callNow: Readonly<Record<Call, string>>;
  readonly decidedWithin: (wait: string) => string;
  readonly seconds: (count: number) => string;
  readonly minutes: (count: number) => string;
  readonly acquirerSaid: string;
  readonly giveUp: string;
  readonly tryNow: string;
  readonly sale: string;
  readonly order: string;

  readonly nothingInDoubt: string;
  readonly inDoubt: (count: number, amount: string) => string;

  readonly today: string;
  readonly noOrders: string;
  readonly showMore: (count: number) => string;
  readonly states: Readonly<Record<OrderState, string>>;
  readonly shortInstructions: Readonly<Record<Instruction, string>>;
  readonly revokeRefusals: Readonly<Record<RefusalCode, string>>;
  readonly show: (clientSn: string) => string;

  readonly revoke: string;
  readonly revokeQuestion: (amount: string) => string;
  readonly revokeConsequence: string;
  readonly revokeConfirm: (amount: string) => string;
  readonly keepPayment: string;

  readonly guardQuestion: (amount: string) => string;
  readonly chargeAnyway: string;
  readonly doNotCharge: string;

  readonly dismiss: string;
  readonly noReply: string;
  /** Codes without an entry show the terminal's own message. */
  readonly errors: Partial<Readonly<Record<ErrorCode, string>>>;

  readonly practice: string;
  readonly practiceGuide: string;
  readonly practiceHint: string;
  readonly practiceCases: Readonly<Record<PracticeCase, string>>;

  readonly lostTitle: string;
  readonly lostSentence: string;
  readonly lostRetry: string;
  readonly refusedTitle: string;
  readonly refusedSentence: string;
}

/** What the practice gateway does for amounts with certain last digits. */
export const PRACTICE_AMOUNTS = {
  normal: '12.34',
  lineDead: '10.12',
  declined: '10.16',
  pendingThenPaid: '10.14',
  replyLost: '10.11',
  revokeRefused: '10.22',
} as const;
export type PracticeCase = keyof typeof PRACTICE_AMOUNTS;

const en: Strings = {
  connecting: 'Connecting to the terminal…',
  terminal: 'Terminal',
  businessDay: 'Business day',
  online: 'Acquirer reachable',
  offline: 'No connection to the acquirer. What is owed goes out by itself when it is back.',
  otherLanguage: '中文',

  collect: 'Collect',
  newSale: 'New sale',
  amount: 'Amount',
  code: 'Payment code',
  codeHint: "Scan the customer's wallet",
  saleId: 'Sale reference',
  optional: 'optional',
  collecting: 'One moment…',

  instruction: 'Instruction',
  idleHeadline: 'Ready',
  idleSentence: "Enter the amount, then scan the customer's wallet code.",
  headlines: {
    wait: 'Wait',
    hand_over: 'Hand over the goods',
    do_not_hand_over: 'Do not hand over',
    take_goods_back_when_confirmed: 'Wait for the money to return',
    goods_back: 'Take the goods back',
    call_shift_lead: 'Call the shift lead',
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
  decidedWithin: (wait) => `Decided in ${wait} at most`,
  seconds: (count) => `${count} s`,
  minutes: (count) => `${count} min`,
  acquirerSaid: 'The acquirer said',
  giveUp: 'Give up',
  tryNow: 'Try now',
  sale: 'Sale',
  order: 'Order',

  nothingInDoubt: 'Nothing in doubt',
  inDoubt: (count, amount) => `${count} in doubt · ${amount} at risk`,

  today: "Today's orders",
  noOrders: 'No orders yet today.',
  showMore: (count) => `Show ${count} more`,
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
  shortInstructions: {
    wait: 'Wait',
    hand_over: 'Hand over',
    do_not_hand_over: 'Do not hand over',
    take_goods_back_when_confirmed: 'Goods back when confirmed',
    goods_back: 'Goods back',
    call_shift_lead: 'Call the shift lead',
  },
  revokeRefusals: {
    already_revoked: 'Already revoked',
    being_revoked: 'Revoke under way',
    not_paid: 'Nothing to revoke',
    undecided: 'Not decided yet',
    needs_person: 'Waits for the shift lead',
    revoke_window_closed: 'Too late to revoke; refund instead',
    nothing_owed: 'Nothing owed',
    not_in_doubt: 'Not in doubt',
    not_in_attention: 'Needs no person',
  },
  show: (clientSn) => `Show order ${clientSn}`,

  revoke: 'Revoke',
  revokeQuestion: (amount) => `Return ${amount} to the customer?`,
  revokeConsequence: 'The whole payment is returned. Take the goods back only when the screen says so.',
  revokeConfirm: (amount) => `Return ${amount}`,
  keepPayment: 'Keep the payment',

  guardQuestion: (amount) => `Charge ${amount} anyway?`,
  chargeAnyway: 'Charge anyway',
  doNotCharge: 'Do not charge',

  dismiss: 'Close',
  noReply:
    "The terminal did not answer, so nobody knows yet whether this was carried out. Look at today's orders before you try again.",
  errors: {},

  practice: 'PRACTICE — no real money',
  practiceGuide: 'Try these',
  practiceHint: 'Press one, then Collect. The last digits decide.',
  practiceCases: {
    normal: 'Paid',
    lineDead: 'Charged, then the line goes dead',
    declined: 'Declined',
    pendingThenPaid: 'Pending, then paid',
    replyLost: 'Reply lost, found by asking',
    revokeRefused: 'Paid; a revoke is refused',
  },

  lostTitle: 'The terminal is not answering',
  lostSentence: 'Nothing new can be collected. What is owed is kept on disk.',
  lostRetry: 'This screen connects again by itself.',
  refusedTitle: 'This screen has no session any more',
  refusedSentence: 'The terminal is running. Open the one-time address that it printed when it started.',
};

const zh: Strings = {
  connecting: '正在连接终端…',
  terminal: '终端',
  businessDay: '营业日',
  online: '收单方已连接',
  offline: '无法连接收单方。恢复后，欠下的操作会自动发出。',
  otherLanguage: 'English',

  collect: '收款',
  newSale: '新的收款',
  amount: '金额',
  code: '付款码',
  codeHint: '扫描顾客的付款码',
  saleId: '销售单号',
  optional: '可不填',
  collecting: '请稍候…',

  instruction: '指示',
  idleHeadline: '可以收款',
  idleSentence: '输入金额，然后扫描顾客的付款码。',
  headlines: {
    wait: '请等待',
    hand_over: '可以交货',
    do_not_hand_over: '不要交货',
    take_goods_back_when_confirmed: '等待退款确认',
    goods_back: '收回商品',
    call_shift_lead: '请叫值班负责人',
  },
  sentences: {
    collecting: '正在收款，顾客可能需要在手机上确认。',
    confirming: '还没有最终结果，终端正在查询顾客是否已被扣款。',
    paid: '付款已确认。',
    declined: '顾客没有被扣款。',
    reversing: '终端正在撤销这笔付款，可以接待下一位顾客。',
    verifying: '撤销已被受理，终端正在等待未扣款的证明。',
    reversed: '已证明：本笔没有扣款。',
    revoking: '终端正在退款，屏幕提示后再收回商品。',
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
    revoke_requested: '本柜台要求退款。',
    revoke_refused: '退款被拒绝，付款仍然有效。',
    revoke_window_closed: '可退款的当日已过，付款仍然有效。',
    settled_by_person: '证据和理由已记入日志。',
  },
  waitingForNetwork: '正在等待网络，恢复后自动继续。',
  waitingForConfiguration: '正在等待修复设置，请联系技术人员，之后自动继续。',
  nextCall: {
    pay: (wait) => `${wait}后发送`,
    query: (wait) => `${wait}后再次查询`,
    cancel: (wait) => `${wait}后再次撤销`,
    revoke: (wait) => `${wait}后再次退款`,
  },
  callNow: {
    pay: '正在等待答复…',
    query: '正在查询…',
    cancel: '正在撤销…',
    revoke: '正在退款…',
  },
  decidedWithin: (wait) => `最多${wait}内有结果`,
  seconds: (count) => `${count} 秒`,
  minutes: (count) => `${count} 分钟`,
  acquirerSaid: '收单方答复',
  giveUp: '放弃',
  tryNow: '立即重试',
  sale: '销售单',
  order: '订单',

  nothingInDoubt: '没有未决付款',
  inDoubt: (count, amount) => `${count} 笔未决 · 涉及 ${amount}`,

  today: '今日订单',
  noOrders: '今天还没有订单。',
  showMore: (count) => `再显示 ${count} 笔`,
  states: {
    collecting: '收款中',
    confirming: '确认中',
    paid: '已付款',
    declined: '未扣款',
    reversing: '撤销中',
    verifying: '等待证明',
    reversed: '已撤销并证明',
    revoking: '退款中',
    revoked: '已退款',
    attention: '需人工处理',
    resolved: '已人工处理',
  },
  shortInstructions: {
    wait: '请等待',
    hand_over: '可以交货',
    do_not_hand_over: '不要交货',
    take_goods_back_when_confirmed: '确认后收回商品',
    goods_back: '收回商品',
    call_shift_lead: '请叫值班负责人',
  },
  revokeRefusals: {
    already_revoked: '已退款',
    being_revoked: '正在退款',
    not_paid: '无款可退',
    undecided: '尚未有结果',
    needs_person: '等待值班负责人',
    revoke_window_closed: '已过退款时间，请另行退款',
    nothing_owed: '没有欠下的操作',
    not_in_doubt: '没有疑问',
    not_in_attention: '无需人工处理',
  },
  show: (clientSn) => `查看订单 ${clientSn}`,

  revoke: '退款',
  revokeQuestion: (amount) => `把 ${amount} 退给顾客？`,
  revokeConsequence: '全额退回。屏幕提示后再收回商品。',
  revokeConfirm: (amount) => `退回 ${amount}`,
  keepPayment: '保留付款',

  guardQuestion: (amount) => `仍要收取 ${amount}？`,
  chargeAnyway: '仍然收款',
  doNotCharge: '不收款',

  dismiss: '关闭',
  noReply: '终端没有答复，还不知道是否已执行。重试之前请先查看今日订单。',
  errors: {
    amount_missing: '请输入金额，例如 12.34。',
    amount_malformed: '金额格式不对，请输入例如 12.34。',
    amount_not_positive: '金额必须大于零。',
    amount_too_large: '金额超出上限。',
    code_missing: '请扫描顾客的付款码。',
    code_malformed: '付款码格式不对，请重新扫描。',
    code_scanned_twice: '这个付款码刚刚用过。请先查看上一笔订单。',
    sale_id_malformed: '销售单号最多 64 个可见字符。',
    sale_undecided: '这笔销售有一笔付款尚无结果，顾客可能已被扣款。请等待，或明确选择仍然收款。',
    sale_already_paid: '这笔销售已经付款，请交货；另外的商品请用新的销售单号。',
    order_unknown: '本终端没有这个订单。',
    already_revoked: '这笔订单已经退款。',
    being_revoked: '这笔订单正在退款，请等待证明。',
    not_paid: '只有已付款的订单才能退款。',
    undecided: '这笔订单尚无结果，终端正在处理。',
    revoke_window_closed: '只能在付款当日撤销，请另行退款。',
    not_in_doubt: '这笔订单已不在收款中，不能放弃。',
    too_many_undecided: '未决付款太多，请先让终端处理完。',
    data_full: '磁盘已满，没有开始付款。',
    data_read_only: '数据目录不可写，没有开始付款。',
    not_allowed: '本页面无权使用终端，请重新打开一次性地址。',
    stopping: '终端正在停止，没有开始新的操作。',
    bug: '终端遇到错误。欠下的操作都保存在磁盘上，请报告。',
  },

  practice: '练习模式 — 不涉及真实资金',
  practiceGuide: '可以这样试',
  practiceHint: '点一项，再点“收款”。结果由金额的末两位决定。',
  practiceCases: {
    normal: '付款成功',
    lineDead: '扣款后断线',
    declined: '被拒绝',
    pendingThenPaid: '等待后付款成功',
    replyLost: '答复丢失，查询得到',
    revokeRefused: '付款成功，退款被拒',
  },

  lostTitle: '终端没有响应',
  lostSentence: '暂时不能收款。欠下的操作都保存在磁盘上。',
  lostRetry: '本页面会自动重新连接。',
  refusedTitle: '本页面的会话已失效',
  refusedSentence: '终端正在运行。请打开它启动时给出的一次性地址。',
};

export const STRINGS = { en, zh };
export type Language = keyof typeof STRINGS;

/** The tag for `lang` and `Intl`. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

export function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** What is happening to this order now, in plain sentences. */
export function explain(order: OrderCard, strings: Strings): string {
  const sentence = strings.sentences[order.state];
  return order.reason === null ? sentence : `${sentence} ${strings.reasons[order.reason]}`;
}
