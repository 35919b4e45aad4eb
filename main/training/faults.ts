import { CALLS } from './call.ts';
import { NORMAL, type Action, type Fault, type OrderTrouble } from './fault.ts';
import { SIGNED_FAULTS } from './signed-faults.ts';

const PAY = ['pay'] as const;
const TROUBLED_REVERSAL = ['pay', 'cancel', 'revoke'] as const;
const CHARGED_THEN_DEAD: Action = { work: 'normal', delivery: 'hang' };

export const FAULTS = {
  reply_lost_after_charging: {
    words: { en: 'Carried out, answer lost', zh: '已执行，答复丢失' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'drop' },
  },
  line_dead_after_charging: {
    words: { en: 'Charged, line dead until a cancel', zh: '已扣款，断线直到撤销' },
    calls: CALLS,
    action: CHARGED_THEN_DEAD,
    afterPay: { pay: CHARGED_THEN_DEAD, lineDead: true },
  },
  request_lost: {
    words: { en: 'Request lost on its way', zh: '请求在途中丢失' },
    calls: CALLS,
    action: { work: 'none', delivery: 'hang' },
  },
  pending_then_paid: {
    words: { en: 'Customer confirms seconds later', zh: '顾客几秒后才确认' },
    calls: PAY,
    action: { work: 'pending_then_paid', delivery: 'send' },
  },
  pending_for_ever: {
    words: { en: 'Customer never confirms', zh: '顾客一直不确认' },
    calls: PAY,
    action: { work: 'pending_for_ever', delivery: 'send' },
  },
  declined: {
    words: { en: 'Declined for lack of money', zh: '余额不足，被拒绝' },
    calls: PAY,
    action: { work: 'declined', delivery: 'send' },
  },
  http_500: {
    words: { en: 'Not carried out, error page', zh: '未执行，返回错误页' },
    calls: CALLS,
    action: { work: 'none', delivery: 'http_500' },
  },
  envelope_500: {
    words: { en: 'Carried out, answer "system error"', zh: '已执行，答复“系统错误”' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'envelope_500' },
  },
  garbled_body: {
    words: { en: 'Carried out, answer cut short', zh: '已执行，答复残缺' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'garble' },
  },
  oversize_body: {
    words: { en: 'Carried out, answer far too long', zh: '已执行，答复过大' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'bloat' },
  },
  slow: {
    words: { en: 'Carried out, answer slow', zh: '已执行，答复缓慢' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'delay' },
  },
  cancel_refused: {
    words: { en: 'Paid, cancel refused', zh: '付款成功，撤销被拒' },
    calls: TROUBLED_REVERSAL,
    action: { work: 'cancel_refused', delivery: 'send' },
    afterPay: {
      pay: NORMAL,
      lineDead: false,
      everyReversal: { work: 'cancel_refused', delivery: 'send' },
    },
  },
  cancel_refused_after_lost_reply: {
    words: { en: 'Charged, line dead, cancel refused', zh: '已扣款断线，撤销被拒' },
    calls: TROUBLED_REVERSAL,
    action: { work: 'cancel_refused', delivery: 'send' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      everyReversal: { work: 'cancel_refused', delivery: 'send' },
    },
  },
  cancel_reply_lost: {
    words: { en: 'Charged, line dead, cancel answer lost', zh: '已扣款断线，撤销答复丢失' },
    calls: TROUBLED_REVERSAL,
    action: { work: 'normal', delivery: 'drop' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      firstReversal: { work: 'normal', delivery: 'drop' },
    },
  },
  cancel_in_progress: {
    words: { en: 'Charged, line dead, cancel takes seconds', zh: '已扣款断线，撤销要等几秒' },
    calls: TROUBLED_REVERSAL,
    action: { work: 'in_progress', delivery: 'send' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      firstReversal: { work: 'in_progress', delivery: 'send' },
    },
  },
  late_approval: {
    words: { en: 'Unknown first, charged a minute later', zh: '先查不到，一分钟后扣款' },
    calls: PAY,
    action: { work: 'land_later', delivery: 'hang' },
  },
  key_rotated: {
    words: { en: 'Key changed', zh: '密钥被更换' },
    calls: ['pay', 'query', 'cancel', 'revoke', 'refund', 'checkin'],
    action: { ...NORMAL, rotatesKey: 'before' },
  },
  key_rotated_after_charging: {
    words: { en: 'Charged, line dead, key changed', zh: '已扣款断线，密钥被更换' },
    calls: PAY,
    action: { ...CHARGED_THEN_DEAD, rotatesKey: 'after' },
    afterPay: { pay: { ...CHARGED_THEN_DEAD, rotatesKey: 'after' }, lineDead: true },
  },
  cancel_unknown: {
    words: { en: 'Charged, line dead, cancel without result', zh: '已扣款断线，撤销结果不明' },
    calls: TROUBLED_REVERSAL,
    action: { work: 'abort_error', delivery: 'send' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      firstReversal: { work: 'abort_error', delivery: 'send' },
    },
  },
  wrong_amount_echo: {
    words: { en: 'Paid, answers name a cent too much', zh: '付款成功，答复金额多一分' },
    calls: ['pay', 'query', 'cancel', 'revoke', 'refund'],
    action: { ...NORMAL, echoExtraMinor: 1 },
    afterPay: {
      pay: { ...NORMAL, echoExtraMinor: 1 },
      lineDead: false,
      query: { ...NORMAL, echoExtraMinor: 1 },
    },
  },
  redirect_302: {
    words: { en: 'Not carried out, redirected', zh: '未执行，被网络重定向' },
    calls: CALLS,
    action: { work: 'none', delivery: 'redirect' },
  },
  reset_mid_body: {
    words: { en: 'Carried out, answer broken off', zh: '已执行，答复中途断开' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'reset_mid_body' },
  },
  empty_body: {
    words: { en: 'Carried out, answer empty', zh: '已执行，答复为空' },
    calls: CALLS,
    action: { work: 'normal', delivery: 'empty' },
  },
} as const satisfies Readonly<Record<string, Fault>>;

const EVERY_FAULT = { ...FAULTS, ...SIGNED_FAULTS } satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS | keyof typeof SIGNED_FAULTS;

/** Widened to the interface, so that optional members can be read of any fault. */
export function faultOf(name: FaultName): Fault {
  return EVERY_FAULT[name];
}

/** What every protocol can meet. */
export const FAULT_NAMES = Object.keys(FAULTS).filter(isFaultName);

/** What only protocols with signed answers can meet. */
export const SIGNED_FAULT_NAMES = Object.keys(SIGNED_FAULTS).filter(isFaultName);

export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(EVERY_FAULT, text);
}

/** What a pay meets under a fault, and what stays with its order. */
export function troubleOf(name: FaultName): OrderTrouble {
  const fault = faultOf(name);
  return fault.afterPay ?? { pay: fault.action, lineDead: false };
}
