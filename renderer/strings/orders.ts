import type { Alert } from '../../shared/order/effect.ts';
import type { OrderHappening } from '../../shared/order/event.ts';
import type { WaitingFor } from '../../shared/order/order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';
import type { Translated } from './languages.ts';

/** What a call can come to, in the vocabulary that every protocol is mapped onto. */
export type OutcomeKind = PayOutcome['kind'] | QueryOutcome['kind'] | ReversalOutcome['kind'];

/** What a cashier says when goods come back; the first one is said most often. */
export const REVOKE_PRESETS = ['changed_mind', 'wrong_amount', 'not_available', 'other'] as const;
export type RevokePreset = (typeof REVOKE_PRESETS)[number];

/** Words of the Orders screen, of one order's own page, and of its revoke. */
interface OrdersStrings {
  readonly title: string;
  readonly find: string;
  readonly findHint: string;
  readonly day: string;
  readonly backToToday: string;
  readonly count: (count: number) => string;
  readonly countSoFar: (count: number) => string;
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
  readonly unknownSentence: string;
  readonly revocableUntil: (time: string) => string;
  readonly revocableWhileAccepted: string;
  readonly noRevoke: (why: string) => string;
  readonly settleInDoubt: string;
  readonly revokeSteps: readonly [string, string, string];

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
  readonly alerts: Readonly<Record<Alert, string>>;
  readonly obstacles: Readonly<Record<Exclude<WaitingFor, 'time'>, string>>;
  readonly byTerminal: string;
  readonly nowState: (state: string) => string;
  readonly reasonGiven: (reason: string) => string;
  readonly nextAt: (call: string, time: string) => string;
  readonly heldAmount: (amount: string) => string;
  readonly wentPast: string;
  readonly paidFirst: string;
  readonly technical: string;

  readonly revokeTitle: (amount: string) => string;
  readonly revokeSentence: string;
  readonly revokeWhy: string;
  readonly presets: Readonly<Record<RevokePreset, string>>;
  readonly note: string;
  readonly noteRequired: string;
  readonly reasonWithNote: (reason: string, note: string) => string;
  readonly keepPayment: string;
  readonly revokeAmount: (amount: string) => string;
}

export const ORDERS_STRINGS: Translated<OrdersStrings> = {
  zh: {
    title: '订单',
    find: '查找',
    findHint: '12.34、14:05 或号码的一部分',
    day: '日期',
    backToToday: '回到今天',
    count: (count) => `${count} 笔订单`,
    countSoFar: (count) => `已显示 ${count} 笔，还有更多`,
    searching: '正在查找…',
    showMore: '显示更多',
    noneToday: '今天还没有订单。',
    noneThatDay: '这一天没有订单。',
    noneFound: (text) => `没有找到“${text}”。`,
    noneFoundHint: '可以按收款数额、时间（如 14:05）或小票上的任何号码查找。完整的号码在任何一天都能找到。',
    failed: '订单没有读出来。',
    readAgain: '重新读取',

    orderTitle: (number) => `订单 ${number}`,
    back: '返回订单',
    print: '打印',
    printedAt: (terminalSn, time) => `终端 ${terminalSn} · 打印于 ${time}`,
    reading: '正在读取经过…',
    unknownTitle: '没有这个订单',
    unknownSentence: '本终端没有这个号码的订单。请核对号码，或按收款数额、时间查找。',
    revocableUntil: (time) => `${time} 之前可以撤单`,
    revocableWhileAccepted: '可以撤单，时限以收单方为准',
    noRevoke: (why) => `不能撤单：${why}`,
    settleInDoubt: '到“未决”处理',
    revokeSteps: ['已要求撤单', '收单方已答复', '已证明款项退回'],

    facts: '要点',
    businessDay: '营业日',
    begun: '开始',
    lastChange: '最后变化',
    charged: '是否扣款',
    lastAnswer: '最后答复',
    notTold: '收单方尚未告知',
    noAnswerYet: '尚无答复',

    timeline: '经过',
    happenings: {
      collect_requested: '开始收款',
      call_due: '等待的时间已到',
      pay_answered: '付款请求的答复',
      query_answered: '查询的答复',
      cancel_answered: '撤销的答复',
      revoke_answered: '撤单的答复',
      restarted: '终端重新启动',
      obstacle_cleared: '障碍已消除',
      clock_changed: '本机时钟被调整',
      gave_up: '按了“放弃”',
      revoke_requested: '按了“撤单”',
      retry_requested: '按了“立即重试”',
      reversal_requested: '再次要求撤销',
      settled: '由负责人处理',
      duplicate_charge_found: '这笔销售已先由另一笔订单付清',
    },
    outcomes: {
      approved: '付款成功',
      declined: '被拒绝',
      pending: '仍在处理',
      config: '设置不被接受',
      unknown: '没有明确结果',
      not_sent: '没有发出',
      charged: '顾客已被扣款',
      not_charged: '顾客没有被扣款',
      not_found: '收单方没有这个订单',
      accepted: '已受理',
      already: '此前已经完成',
      refused: '被拒绝',
      window_closed: '当日已过，太迟了',
      throttled: '过于频繁，稍后再试',
    },
    alerts: {
      late_approval: '撤销之后扣款才到账，终端正在退回。',
      late_success: '订单结束之后又报告付款成功。',
      duplicate_charge: '同一笔销售被扣了两次，终端退回后一笔。',
      configuration: '收单方不接受本终端的设置，请联系技术人员。',
      window_closed: '可以撤销的当日已过，需要负责人处理。',
      cancel_refused: '收单方拒绝了撤销，需要负责人处理。',
      revoke_refused: '撤单没有成功，付款仍然有效。',
      amount_mismatch: '收单方报告的金额与本单不一致。',
      evidence_conflict: '收单方的答复互相矛盾，需要负责人处理。',
      bound_reached: '终端已尝试到上限，需要负责人处理。',
    },
    obstacles: { network: '网络已恢复。', configuration: '设置已修复。' },
    byTerminal: '终端',
    nowState: (state) => `此后：${state}`,
    reasonGiven: (reason) => `理由：${reason}`,
    nextAt: (call, time) => `下一步：${call}，${time}`,
    heldAmount: (amount) => `收单方记录的金额：${amount}`,
    wentPast: '明知还有未决的订单，仍然收款：',
    paidFirst: '先付清的订单：',
    technical: '技术细节',

    revokeTitle: (amount) => `撤单并退回 ${amount}？`,
    revokeSentence: '款项会全部退回顾客。请等屏幕显示“收回商品”，再收回商品。',
    revokeWhy: '原因',
    presets: {
      changed_mind: '顾客改变主意',
      wrong_amount: '收错数额',
      not_available: '商品缺货',
      other: '其他原因',
    },
    note: '备注（可不填）',
    noteRequired: '请写明原因',
    reasonWithNote: (reason, note) => `${reason}：${note}`,
    keepPayment: '不撤单',
    revokeAmount: (amount) => `撤单 ${amount}`,
  },
  en: {
    title: 'Orders',
    find: 'Find',
    findHint: '12.34, 14:05 or part of a number',
    day: 'Day',
    backToToday: 'Back to today',
    count: (count) => (count === 1 ? '1 order' : `${count} orders`),
    countSoFar: (count) => `${count} shown, there are more`,
    searching: 'Searching…',
    showMore: 'Show more',
    noneToday: 'No orders yet today.',
    noneThatDay: 'No orders on this day.',
    noneFound: (text) => `Nothing found for “${text}”.`,
    noneFoundHint:
      'Look for what was charged, a time such as 14:05, or any number on the receipt. A whole number is found on any day.',
    failed: 'The orders could not be read.',
    readAgain: 'Read again',

    orderTitle: (number) => `Order ${number}`,
    back: 'Back to orders',
    print: 'Print',
    printedAt: (terminalSn, time) => `Terminal ${terminalSn} · printed ${time}`,
    reading: 'Reading what happened…',
    unknownTitle: 'No such order',
    unknownSentence:
      'This terminal has no order with this number. Check the number, or look for what was charged or when.',
    revocableUntil: (time) => `Can be revoked until ${time}`,
    revocableWhileAccepted: 'Can be revoked; the acquirer says until when',
    noRevoke: (why) => `No revoke: ${why}`,
    settleInDoubt: 'Settle it under “In doubt”',
    revokeSteps: ['Revoke asked for', 'Acquirer answered', 'Money proved back'],

    facts: 'Facts',
    businessDay: 'Business day',
    begun: 'Begun',
    lastChange: 'Last change',
    charged: 'Charged',
    lastAnswer: 'Last answer',
    notTold: 'Not told by the acquirer yet',
    noAnswerYet: 'No answer yet',

    timeline: 'What happened',
    happenings: {
      collect_requested: 'Collect began',
      call_due: 'The wait was over',
      pay_answered: 'Answer to the payment',
      query_answered: 'Answer to a question',
      cancel_answered: 'Answer to a cancellation',
      revoke_answered: 'Answer to the revoke',
      restarted: 'The terminal started again',
      obstacle_cleared: 'An obstacle was gone',
      clock_changed: "This machine's clock was set",
      gave_up: 'Give up was pressed',
      revoke_requested: 'Revoke was pressed',
      retry_requested: 'Try now was pressed',
      reversal_requested: 'Another cancellation was asked for',
      settled: 'Settled by a person',
      duplicate_charge_found: 'The sale was paid by another order first',
    },
    outcomes: {
      approved: 'Paid',
      declined: 'Declined',
      pending: 'Still in progress',
      config: 'Settings not accepted',
      unknown: 'No clear answer',
      not_sent: 'Not sent',
      charged: 'The customer is charged',
      not_charged: 'The customer is not charged',
      not_found: 'The acquirer knows no such order',
      accepted: 'Accepted',
      already: 'Done before already',
      refused: 'Refused',
      window_closed: 'Too late, its day is over',
      throttled: 'Too often, later again',
    },
    alerts: {
      late_approval: 'The charge arrived after the cancellation; the terminal takes it back.',
      late_success: 'A success was reported after the order had ended.',
      duplicate_charge: 'The sale was charged twice; the terminal gives the later one back.',
      configuration: "The acquirer refuses this terminal's settings. Call IT.",
      window_closed: 'The day in which it could be cancelled is over; a person has to settle it.',
      cancel_refused: 'The acquirer refused the cancellation; a person has to settle it.',
      revoke_refused: 'The revoke did not go through; the payment stands.',
      amount_mismatch: 'The acquirer reports another amount than this order’s.',
      evidence_conflict: 'The answers of the acquirer contradict each other; a person has to settle it.',
      bound_reached: 'The terminal tried as often as it may; a person has to settle it.',
    },
    obstacles: { network: 'The network is back.', configuration: 'The settings are repaired.' },
    byTerminal: 'Terminal',
    nowState: (state) => `From then on: ${state}`,
    reasonGiven: (reason) => `Reason: ${reason}`,
    nextAt: (call, time) => `Next: ${call} at ${time}`,
    heldAmount: (amount) => `Held by the acquirer: ${amount}`,
    wentPast: 'Collected in spite of undecided orders:',
    paidFirst: 'Paid first:',
    technical: 'Technical detail',

    revokeTitle: (amount) => `Revoke and return ${amount}?`,
    revokeSentence:
      'All of the money goes back to the customer. Take the goods back when the screen says “Take the goods back”.',
    revokeWhy: 'Reason',
    presets: {
      changed_mind: 'Customer changed their mind',
      wrong_amount: 'Wrong sum charged',
      not_available: 'Goods not available',
      other: 'Other',
    },
    note: 'Note (optional)',
    noteRequired: 'Say why',
    reasonWithNote: (reason, note) => `${reason}: ${note}`,
    keepPayment: 'Keep the payment',
    revokeAmount: (amount) => `Revoke ${amount}`,
  },
};
