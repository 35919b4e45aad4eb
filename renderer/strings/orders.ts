import type { Alert } from '../../shared/order/effect.ts';
import type { OrderHappening } from '../../shared/order/event.ts';
import type { Reason, WaitingFor } from '../../shared/order/order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';
import type { WayBack } from '../state.ts';
import type { Bilingual } from './languages.ts';

/** What a call can come to, in the vocabulary that every protocol is mapped onto. */
export type OutcomeKind = PayOutcome['kind'] | QueryOutcome['kind'] | ReversalOutcome['kind'];

/** What a cashier says when goods come back; the first one is said most often. */
export type RevokePreset = 'changed_mind' | 'wrong_amount' | 'not_available' | 'other';

/** Words of the Orders screen, of one order's own page, and of the question before money goes back. */
interface OrdersStrings {
  readonly find: string;
  readonly findHint: string;
  readonly day: string;
  readonly backToToday: string;
  /** `count` as it is written; `isOne` where the language tells one from many. */
  readonly count: (count: string, isOne: boolean) => string;
  readonly countSoFar: (count: string) => string;
  readonly searching: string;
  readonly showMore: string;
  readonly noneToday: string;
  readonly noneThatDay: string;
  readonly noneFound: (text: string) => string;
  readonly noneFoundHint: string;
  readonly failed: string;
  readonly readAgain: string;

  readonly orderTitle: (number: string) => string;
  readonly back: string;
  readonly print: string;
  readonly printedAt: (terminalSn: string, time: string) => string;
  readonly reading: string;
  readonly unknownTitle: string;
  readonly revocableUntil: (time: string) => string;
  readonly revocableWhileAccepted: string;
  readonly refused: Readonly<Record<WayBack, (why: string) => string>>;
  readonly settleInDoubt: string;
  readonly stepsBack: Readonly<Record<WayBack, readonly [string, string, string]>>;

  readonly facts: string;
  readonly businessDay: string;
  readonly begun: string;
  readonly lastChange: string;
  readonly charged: string;
  readonly lastAnswer: string;
  readonly notTold: string;
  readonly noAnswerYet: string;

  readonly timeline: string;
  readonly happenings: Readonly<Record<OrderHappening['type'], string>>;
  readonly outcomes: Readonly<Record<OutcomeKind, string>>;
  /** What the reasons do not say already. */
  readonly alerts: Readonly<Record<Exclude<Alert, Reason> | 'duplicate_charge', string>>;
  readonly obstacles: Readonly<Record<Exclude<WaitingFor, 'time'>, string>>;
  readonly waits: Readonly<Record<Exclude<WaitingFor, 'time'>, string>>;
  readonly nowState: (state: string) => string;
  readonly reasonGiven: (reason: string) => string;
  readonly nextAt: (call: string, time: string) => string;
  readonly heldAmount: (amount: string) => string;
  readonly wentPast: string;
  readonly paidFirst: string;
  readonly technical: string;

  readonly giveBackTitle: Readonly<Record<WayBack, (amount: string) => string>>;
  readonly giveBackSentences: Readonly<Record<WayBack, readonly string[]>>;
  readonly goodsBack: string;
  readonly giveBackWhy: string;
  readonly presets: Readonly<Record<RevokePreset, string>>;
  readonly note: string;
  readonly noteRequired: string;
  readonly reasonWithNote: (reason: string, note: string) => string;
  readonly keepPayment: string;
  readonly giveBack: Readonly<Record<WayBack, (amount: string) => string>>;
}

export const ORDERS_STRINGS: Bilingual<OrdersStrings> = {
  find: ['查找', 'Find'],
  findHint: ['12.34、14:05 或号码的一部分', '12.34, 14:05 or part of a number'],
  day: ['日期', 'Day'],
  backToToday: ['回到今天', 'Back to today'],
  count: [(count) => `${count} 笔订单`, (count, isOne) => `${count} order${isOne ? '' : 's'}`],
  countSoFar: [(count) => `已显示 ${count} 笔，还有更多`, (count) => `${count} shown, there are more`],
  searching: ['正在查找…', 'Searching…'],
  showMore: ['显示更多', 'Show more'],
  noneToday: ['今天还没有订单。', 'No orders yet today.'],
  noneThatDay: ['这一天没有订单。', 'No orders on this day.'],
  noneFound: [(text) => `没有找到“${text}”。`, (text) => `Nothing found for ${text}.`],
  noneFoundHint: [
    '可按数额、时间（14:05）或小票上的号码查找；完整的号码不限日期。',
    'Look for a sum, a time (14:05) or any number on the receipt. A whole number is found on any day.',
  ],
  failed: ['订单没有读出来。', 'The orders could not be read.'],
  readAgain: ['重新读取', 'Read again'],
  orderTitle: [(number) => `订单 ${number}`, (number) => `Order ${number}`],
  back: ['返回订单', 'Back to orders'],
  print: ['打印', 'Print'],
  printedAt: [
    (terminalSn, time) => `终端 ${terminalSn} · 打印于 ${time}`,
    (terminalSn, time) => `Terminal ${terminalSn} · printed ${time}`,
  ],
  reading: ['正在读取经过…', 'Reading what happened…'],
  unknownTitle: ['没有这个订单', 'No such order'],
  revocableUntil: [(time) => `${time} 之前可以撤单`, (time) => `Can be revoked until ${time}`],
  revocableWhileAccepted: ['收单方受理期间可以撤单', 'Can be revoked for as long as the acquirer accepts it'],
  refused: {
    revoke: [(why) => `不能撤单：${why}`, (why) => `No revoke: ${why}`],
    refund: [(why) => `不能退款：${why}`, (why) => `No refund: ${why}`],
  },
  settleInDoubt: ['到“未决”处理', 'Settle it under In doubt'],
  stepsBack: {
    revoke: [
      ['已要求撤单', '收单方已答复', '已证明款项退回'],
      ['Revoke asked for', 'Acquirer answered', 'Money proved back'],
    ],
    refund: [
      ['已要求退款', '收单方已答复', '已证明款项退回'],
      ['Refund asked for', 'Acquirer answered', 'Money proved back'],
    ],
  },
  facts: ['要点', 'Facts'],
  businessDay: ['营业日', 'Business day'],
  begun: ['开始', 'Begun'],
  lastChange: ['最后变化', 'Last change'],
  charged: ['是否扣款', 'Charged'],
  lastAnswer: ['最后答复', 'Last answer'],
  notTold: ['收单方尚未告知', 'Not told by the acquirer yet'],
  noAnswerYet: ['尚无答复', 'No answer yet'],
  timeline: ['经过', 'What happened'],
  happenings: {
    collect_requested: ['开始收款', 'Collect began'],
    call_due: ['等待的时间已到', 'The wait was over'],
    pay_answered: ['付款请求的答复', 'Answer to the payment'],
    query_answered: ['查询的答复', 'Answer to a query'],
    cancel_answered: ['撤销的答复', 'Answer to a cancellation'],
    revoke_answered: ['撤单的答复', 'Answer to the revoke'],
    refund_answered: ['退款的答复', 'Answer to the refund'],
    restarted: ['终端重新启动', 'The terminal started again'],
    obstacle_cleared: ['障碍已消除', 'An obstacle was gone'],
    clock_changed: ['本机时钟被调整', "This machine's clock was set"],
    gave_up: ['按了“放弃”', 'Give up was pressed'],
    revoke_requested: ['按了“撤单”', 'Revoke was pressed'],
    refund_requested: ['按了“退款”', 'Refund was pressed'],
    retry_requested: ['按了“立即重试”', 'Try now was pressed'],
    reversal_requested: ['再次要求撤销', 'Another cancellation was asked for'],
    settled: ['由负责人处理', 'Settled by a person'],
    duplicate_charge_found: ['这笔销售已先由另一笔订单付清', 'The sale was paid by another order first'],
  },
  outcomes: {
    approved: ['付款成功', 'Paid'],
    declined: ['被拒绝', 'Declined'],
    pending: ['仍在处理', 'Still in progress'],
    config: ['设置不被接受', 'Settings not accepted'],
    config_unverified: ['设置似乎不被接受', 'Settings not accepted, it seems'],
    unknown: ['没有明确结果', 'No clear answer'],
    not_sent: ['没有发出', 'Not sent'],
    charged: ['顾客已被扣款', 'The customer is charged'],
    not_charged: ['顾客没有被扣款', 'The customer is not charged'],
    not_found: ['收单方没有这个订单', 'The acquirer knows no such order'],
    accepted: ['已受理', 'Accepted'],
    already: ['此前已经完成', 'Done before already'],
    refused: ['被拒绝', 'Refused'],
    window_closed: ['当日已过，太迟了', 'Too late, its day is over'],
    throttled: ['过于频繁，稍后再试', 'Too often, later again'],
  },
  alerts: {
    late_success: ['订单结束之后又报告付款成功。', 'A success was reported after the order had ended.'],
    duplicate_charge: [
      '同一笔销售被扣了两次，终端退回后一笔。',
      'The sale was charged twice; the terminal gives the later one back.',
    ],
  },
  obstacles: {
    network: ['网络已恢复。', 'The network is back.'],
    configuration: ['设置已修复。', 'The settings are repaired.'],
  },
  waits: {
    network: ['等待网络恢复。', 'Waiting for the network.'],
    configuration: ['等待修复设置。', 'Waiting for the settings to be repaired.'],
  },
  nowState: [(state) => `此后：${state}`, (state) => `From then on: ${state}`],
  reasonGiven: [(reason) => `理由：${reason}`, (reason) => `Reason: ${reason}`],
  nextAt: [(call, time) => `下一步：${call}，${time}`, (call, time) => `Next: ${call} at ${time}`],
  heldAmount: [(amount) => `收单方记录的金额：${amount}`, (amount) => `Held by the acquirer: ${amount}`],
  wentPast: ['明知还有未决的订单，仍然收款：', 'Collected in spite of undecided orders:'],
  paidFirst: ['先付清的订单：', 'Paid first:'],
  technical: ['技术细节', 'Technical detail'],
  giveBackTitle: {
    revoke: [(amount) => `撤单并退回 ${amount}？`, (amount) => `Revoke and return ${amount}?`],
    refund: [(amount) => `退款 ${amount}？`, (amount) => `Refund ${amount}?`],
  },
  giveBackSentences: {
    revoke: [['款项会全部退回顾客。'], ['All of the money goes back to the customer.']],
    refund: [
      [
        '全部款项经收单方退回顾客，手续费可能仍由商户承担。退款不能取消。',
        '需要等待收单方答复；有了证明，屏幕才会显示款项已退回。',
      ],
      [
        'All of the money goes back to the customer through the acquirer, which may keep its fee from the shop. A refund cannot be undone.',
        'It takes the answer of the acquirer, and this screen says that the money is back only once that is proved.',
      ],
    ],
  },
  goodsBack: ['屏幕提示后再收回商品。', 'Take the goods back when this screen says so.'],
  giveBackWhy: ['原因', 'Reason'],
  presets: {
    changed_mind: ['顾客改变主意', 'Customer changed their mind'],
    wrong_amount: ['收错数额', 'Wrong sum charged'],
    not_available: ['商品缺货', 'Goods not available'],
    other: ['其他原因', 'Other'],
  },
  note: ['备注（可不填）', 'Note (optional)'],
  noteRequired: ['请写明原因', 'Say why'],
  reasonWithNote: [(reason, note) => `${reason}：${note}`, (reason, note) => `${reason}: ${note}`],
  keepPayment: ['保留付款', 'Keep the payment'],
  giveBack: {
    revoke: [(amount) => `撤单 ${amount}`, (amount) => `Revoke ${amount}`],
    refund: [(amount) => `退款 ${amount}`, (amount) => `Refund ${amount}`],
  },
};
