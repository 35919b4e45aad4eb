import type { Translated } from './languages.ts';

/** The practice gateway's own names; one that is missing here is shown in the gateway's words. */
type FaultName =
  | 'reply_lost_after_charging'
  | 'line_dead_after_charging'
  | 'request_lost'
  | 'pending_then_paid'
  | 'pending_for_ever'
  | 'declined'
  | 'http_500'
  | 'envelope_500'
  | 'garbled_body'
  | 'oversize_body'
  | 'slow'
  | 'cancel_refused'
  | 'cancel_refused_after_lost_reply'
  | 'cancel_reply_lost'
  | 'cancel_in_progress'
  | 'late_approval'
  | 'key_rotated'
  | 'key_rotated_after_charging'
  | 'cancel_unknown'
  | 'wrong_amount_echo'
  | 'redirect_302'
  | 'reset_mid_body'
  | 'empty_body';

/** What each fault does to the next call it can happen to. */
export const FAULT_STRINGS: Translated<Readonly<Record<FaultName, string>>> = {
  zh: {
    reply_lost_after_charging: '已执行，答复丢失',
    line_dead_after_charging: '已扣款，断线直到撤销',
    request_lost: '请求在途中丢失',
    pending_then_paid: '顾客几秒后才确认',
    pending_for_ever: '顾客一直不确认',
    declined: '余额不足，被拒绝',
    http_500: '未执行，返回错误页',
    envelope_500: '已执行，答复“系统错误”',
    garbled_body: '已执行，答复残缺',
    oversize_body: '已执行，答复过大',
    slow: '已执行，答复缓慢',
    cancel_refused: '付款成功，撤销被拒',
    cancel_refused_after_lost_reply: '已扣款断线，撤销被拒',
    cancel_reply_lost: '已扣款断线，撤销答复丢失',
    cancel_in_progress: '已扣款断线，撤销要等几秒',
    late_approval: '先查不到，一分钟后扣款',
    key_rotated: '密钥被更换',
    key_rotated_after_charging: '已扣款断线，密钥被更换',
    cancel_unknown: '已扣款断线，撤销结果不明',
    wrong_amount_echo: '付款成功，答复金额多一分',
    redirect_302: '未执行，被网络重定向',
    reset_mid_body: '已执行，答复中途断开',
    empty_body: '已执行，答复为空',
  },
  en: {
    reply_lost_after_charging: 'Carried out, answer lost',
    line_dead_after_charging: 'Charged, line dead until a cancel',
    request_lost: 'Request lost on its way',
    pending_then_paid: 'Customer confirms seconds later',
    pending_for_ever: 'Customer never confirms',
    declined: 'Declined for lack of money',
    http_500: 'Not carried out, error page',
    envelope_500: 'Carried out, answer "system error"',
    garbled_body: 'Carried out, answer cut short',
    oversize_body: 'Carried out, answer far too long',
    slow: 'Carried out, answer slow',
    cancel_refused: 'Paid, cancel refused',
    cancel_refused_after_lost_reply: 'Charged, line dead, cancel refused',
    cancel_reply_lost: 'Charged, line dead, cancel answer lost',
    cancel_in_progress: 'Charged, line dead, cancel takes seconds',
    late_approval: 'Unknown first, charged a minute later',
    key_rotated: 'Key changed',
    key_rotated_after_charging: 'Charged, line dead, key changed',
    cancel_unknown: 'Charged, line dead, cancel without result',
    wrong_amount_echo: 'Paid, answers name a cent too much',
    redirect_302: 'Not carried out, redirected',
    reset_mid_body: 'Carried out, answer broken off',
    empty_body: 'Carried out, answer empty',
  },
};
