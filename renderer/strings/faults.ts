import type { Translated } from './languages.ts';

/** A fault of the practice gateway in words: what it is called and what happens. */
export interface FaultWords {
  readonly name: string;
  readonly sentence: string;
}

/** The gateway's own names; one that is missing here is shown in the gateway's words. */
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

const words = (name: string, sentence: string): FaultWords => ({ name, sentence });

export const FAULT_STRINGS: Translated<Readonly<Record<FaultName, FaultWords>>> = {
  zh: {
    reply_lost_after_charging: words('答复丢失', '请求已执行，但答复返回之前连接中断。'),
    line_dead_after_charging: words('扣款后断线', '顾客已被扣款，没有答复；查询也没有答复，直到收到撤销。'),
    request_lost: words('请求丢失', '请求在途中丢失：什么也没做，也没有答复。'),
    pending_then_paid: words('稍后付款', '顾客需要在手机上确认，几秒钟后确认。'),
    pending_for_ever: words('一直不确认', '顾客需要在手机上确认，但始终没有确认。'),
    declined: words('被拒绝', '余额不足，钱包拒绝付款。'),
    http_500: words('服务器错误页', '返回普通的错误页面，什么也没做。'),
    envelope_500: words('系统错误', '请求已执行，答复却只说系统出错。'),
    garbled_body: words('答复残缺', '请求已执行，答复从中间截断，无法读取。'),
    oversize_body: words('答复过大', '请求已执行，答复有好几兆字节。'),
    slow: words('答复缓慢', '请求已执行，答复要等好几秒。'),
    cancel_refused: words('撤销被拒', '付款成功，但参加了活动，不能撤销或撤单。'),
    cancel_refused_after_lost_reply: words(
      '断线且撤销被拒',
      '顾客已被扣款，没有答复；又因参加活动，撤销被拒绝。',
    ),
    cancel_reply_lost: words('撤销答复丢失', '顾客已被扣款，没有答复；第一次撤销的答复也丢失。'),
    cancel_in_progress: words('撤销处理中', '顾客已被扣款，没有答复；撤销要几秒钟才完成。'),
    late_approval: words('迟到的扣款', '查询和撤销都找不到这笔付款，一分钟后它才到账。'),
    key_rotated: words('密钥被更换', '终端的密钥在背后被更换，接下来的请求会被拒绝。'),
    key_rotated_after_charging: words('扣款后密钥被更换', '顾客已被扣款，没有答复；终端的密钥也被更换。'),
    cancel_unknown: words('撤销结果不明', '顾客已被扣款，没有答复；第一次撤销的结果不明。'),
    wrong_amount_echo: words('金额不符', '付款成功，但每个答复的金额都多一分。'),
    redirect_302: words('被重定向', '请求被酒店或商场网络转到别处，什么也没做。'),
    reset_mid_body: words('答复中途断开', '请求已执行，答复到一半时连接断开。'),
    empty_body: words('空答复', '请求已执行，答复没有内容。'),
  },
  en: {
    reply_lost_after_charging: words(
      'Answer lost',
      'The call is carried out, then the connection breaks before the answer comes back.',
    ),
    line_dead_after_charging: words(
      'Line dead after charging',
      'The customer is charged and no answer comes; questions stay unanswered too, until a cancel arrives.',
    ),
    request_lost: words('Request lost', 'The request is lost on its way: nothing is done, no answer comes.'),
    pending_then_paid: words(
      'Paid later',
      'The customer has to confirm on the phone and does so a few seconds later.',
    ),
    pending_for_ever: words('Never confirmed', 'The customer has to confirm on the phone and never does.'),
    declined: words('Declined', 'The wallet declines the payment for lack of money.'),
    http_500: words('Error page', 'A plain error page comes back and nothing is done.'),
    envelope_500: words(
      'System error',
      'The call is carried out, yet the answer says only that the system failed.',
    ),
    garbled_body: words('Answer cut', 'The call is carried out and the answer is cut in the middle.'),
    oversize_body: words(
      'Answer too long',
      'The call is carried out and the answer is several megabytes long.',
    ),
    slow: words('Slow answer', 'The call is carried out and the answer takes several seconds.'),
    cancel_refused: words(
      'Cancel refused',
      'The payment succeeds, but it took part in a campaign and can be neither cancelled nor revoked.',
    ),
    cancel_refused_after_lost_reply: words(
      'Line dead, cancel refused',
      'The customer is charged, no answer comes, and the cancel is refused because of a campaign.',
    ),
    cancel_reply_lost: words(
      'Line dead, cancel answer lost',
      'The customer is charged, no answer comes, and the answer to the first cancel is lost as well.',
    ),
    cancel_in_progress: words(
      'Line dead, cancel takes a while',
      'The customer is charged, no answer comes, and the cancel takes a few seconds to be done.',
    ),
    late_approval: words(
      'Late approval',
      'Nothing is known of the payment, also not to a cancel, until it lands a minute later.',
    ),
    key_rotated: words(
      'Key changed',
      'The terminal’s key is changed behind its back, so that the next calls are refused.',
    ),
    key_rotated_after_charging: words(
      'Key changed after charging',
      'The customer is charged, no answer comes, and the terminal’s key is changed behind its back.',
    ),
    cancel_unknown: words(
      'Line dead, cancel without result',
      'The customer is charged, no answer comes, and the first cancel ends with an unknown result.',
    ),
    wrong_amount_echo: words(
      'Wrong amount',
      'The payment succeeds, but every answer names an amount that is larger by one cent.',
    ),
    redirect_302: words(
      'Redirected',
      'A hotel or shop network sends the request elsewhere; nothing is done.',
    ),
    reset_mid_body: words(
      'Connection broken in the answer',
      'The call is carried out and the connection breaks in the middle of the answer.',
    ),
    empty_body: words('Empty answer', 'The call is carried out and the answer has no content.'),
  },
};
