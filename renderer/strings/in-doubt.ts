import type { Charged } from '../../shared/order/order.ts';
import type { DoubtGroup, WindowLevel } from '../in-doubt.ts';
import type { Bilingual } from './languages.ts';

/** Words of the In doubt screen and of its two questions. */
interface InDoubtStrings {
  readonly calmTitle: string;
  readonly calmSentence: string;
  readonly orders: (count: number) => string;
  readonly atRisk: string;
  readonly more: (count: string, amount: string) => string;
  readonly groups: Readonly<Record<DoubtGroup, string>>;
  readonly groupSentences: Readonly<Record<DoubtGroup, string>>;
  readonly begun: (time: string, age: string) => string;
  readonly answered: (call: string, time: string) => string;
  readonly refusal: string;
  readonly whatIsKnown: string;
  readonly known: Readonly<Record<Charged, string>>;
  readonly windowByAcquirer: string;
  readonly window: Readonly<Record<Exclude<WindowLevel, 'unknown'>, (left: string, time: string) => string>>;
  /** Goes on with `window.closed` where a refund is allowed. */
  readonly refundInstead: string;
  readonly windowsClosing: Readonly<Record<'soon' | 'now', (count: number) => string>>;
  readonly checkHint: string;
  readonly reverse: string;
  readonly reverseTitle: (amount: string) => string;
  readonly reverseSentence: (amount: string) => string;
  readonly reverseGoods: string;
  readonly leave: string;
  readonly settle: string;
  readonly settleTitle: (amount: string) => string;
  readonly settleSentence: string;
  readonly settleQuestion: string;
  readonly settleCharged: Readonly<Record<Answered, string>>;
  readonly settleConsequence: Readonly<Record<Answered, string>>;
  readonly settleContradicts: (known: string) => string;
  readonly person: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly settleConfirm: string;
  readonly notNeeded: string;
}

const payments = (count: number) => `${count} payment${count === 1 ? '' : 's'}`;

type Answered = Exclude<Charged, 'unknown'>;

export const IN_DOUBT_STRINGS: Bilingual<InDoubtStrings> = {
  calmTitle: ['没有未决的付款', 'Nothing is in doubt'],
  calmSentence: [
    '每一笔付款都有了最终结果，可以放心收款。',
    'Every payment has its final word. Carry on collecting.',
  ],
  orders: [() => '笔付款还没有最终结果', (count) => `payment${count === 1 ? '' : 's'} without a final word`],
  atRisk: ['尚有风险', 'at risk'],
  more: [
    (count, amount) => `另有 ${count} 笔（${amount}）未列出，前面的处理后会显示。`,
    (count, amount) => `${count} more (${amount}) not listed; they follow as these are settled.`,
  ],
  groups: {
    attention: ['需要人工处理', 'Needs a person'],
    settling: ['终端正在处理', 'The terminal is settling'],
    tail: ['再核对一次', 'Looked at once more'],
  },
  groupSentences: {
    attention: [
      '终端无法独自处理，请值班负责人查看。',
      'The terminal cannot settle these alone. The shift lead looks at them.',
    ],
    settling: [
      '无需操作，终端会一直处理到有证明为止。',
      'Nothing to do. The terminal goes on until there is proof.',
    ],
    tail: [
      '没有金额风险。付款有时会迟到，终端稍后再查询一次。',
      'No money at risk. A payment can land late, so the terminal asks once more.',
    ],
  },
  begun: [(time, age) => `${time} 开始 · 已过 ${age}`, (time, age) => `Begun at ${time} · ${age} ago`],
  answered: [(call, time) => `${call} ${time}`, (call, time) => `${call} at ${time}`],
  refusal: ['被拒绝', 'Refused with'],
  whatIsKnown: ['终端所知', 'What is known'],
  known: {
    yes: [
      '顾客已被扣款：收单方报告了这笔付款。',
      'The customer was charged: the acquirer reported the payment.',
    ],
    no: [
      '顾客没有被扣款：收单方的答复已证明。',
      "The customer was not charged: the acquirer's answers prove it.",
    ],
    unknown: [
      '不确定顾客是否被扣款：没有答复能够证明。',
      'Not known whether the customer was charged: no answer proves it.',
    ],
  },
  windowByAcquirer: ['收单方受理期间可以撤销', 'Can be taken back for as long as the acquirer accepts it'],
  window: {
    open: [
      (left, time) => `${time} 之前可以撤销 · 还剩 ${left}`,
      (left, time) => `Can be taken back until ${time} · ${left} left`,
    ],
    soon: [
      (left, time) => `请尽快：当日窗口 ${time} 关闭，还剩 ${left}`,
      (left, time) => `Soon: the day's window closes at ${time}, ${left} left`,
    ],
    now: [
      (left, time) => `马上关闭：${time} 之后无法撤销，还剩 ${left}`,
      (left, time) => `Now: nothing can be taken back after ${time}. Only ${left} left`,
    ],
    closed: [
      (_left, time) => `当日窗口已于 ${time} 关闭，不能再撤销`,
      (_left, time) => `The day's window closed at ${time}: too late to cancel`,
    ],
  },
  refundInstead: ['，可以退款', ', so refund it instead'],
  windowsClosing: {
    soon: [
      (count) => `${count} 笔的当日窗口将在 30 分钟内关闭。`,
      (count) => `The day's window closes within 30 minutes for ${payments(count)}.`,
    ],
    now: [
      (count) => `${count} 笔的当日窗口将在 5 分钟内关闭！`,
      (count) => `The day's window closes within 5 minutes for ${payments(count)}!`,
    ],
  },
  checkHint: [
    '“立即重试”会再问一次收单方，不会动用资金。',
    '"Try now" asks the acquirer again and moves no money.',
  ],
  reverse: ['再次撤销', 'Send the cancel again'],
  reverseTitle: [(amount) => `再次撤销 ${amount}？`, (amount) => `Cancel ${amount} again?`],
  reverseSentence: [
    (amount) => `终端会再次请求收单方撤销。若被受理，${amount} 将退回顾客。`,
    (amount) =>
      `The terminal asks the acquirer once more to cancel. If accepted, ${amount} goes back to the customer.`,
  ],
  reverseGoods: [
    '请不要交货；已经交出的商品请先收回。',
    'Do not hand over the goods; take back what has left the counter.',
  ],
  leave: ['保持原样', 'Leave it'],
  settle: ['人工结案', 'Close the case'],
  settleTitle: [(amount) => `${amount} 人工结案`, (amount) => `Close the case of ${amount}`],
  settleSentence: [
    '请先在收单方后台或顾客的钱包里核实。结案之后，终端不再处理。',
    "Look it up first at the acquirer or in the customer's wallet. The terminal leaves a closed case alone.",
  ],
  settleQuestion: ['顾客被扣款了吗？', 'Was the customer charged?'],
  settleCharged: {
    yes: ['顾客已被扣款', 'The customer was charged'],
    no: ['顾客没有被扣款', 'The customer was not charged'],
  },
  settleConsequence: {
    yes: ['款项归商户：可以交货。', "The money is the shop's: hand over the goods."],
    no: ['没有收到款项：不要交货。', 'No money was taken: do not hand over the goods.'],
  },
  settleContradicts: [
    (known) => `这与终端的证据相反：${known}。`,
    (known) => `This goes against the evidence: ${known}.`,
  ],
  person: ['由谁确认（姓名）', 'Who says so (name)'],
  reason: ['依据', 'What it rests on'],
  reasonHint: ['例如：收单方后台显示已付款', "For example: shown as paid in the acquirer's back office"],
  settleConfirm: ['签名并结案', 'Sign and close'],
  notNeeded: ['这笔订单已不再需要人工处理。', 'This order needs no person any more.'],
};
