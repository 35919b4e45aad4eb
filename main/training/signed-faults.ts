import { RSA_PROTOCOLS, type Call } from './call.ts';
import { NORMAL, type Fault } from './fault.ts';

/** Calls of the protocols with signed answers. */
const SIGNED_CALLS = ['pay', 'query', 'cancel', 'refund'] as const satisfies readonly Call[];

const SIGNED = { calls: SIGNED_CALLS, protocols: RSA_PROTOCOLS } as const;

/** What can go wrong with an answer that is signed, or read by its codes: Upay has nothing like it. */
export const SIGNED_FAULTS = {
  reply_unsigned: {
    ...SIGNED,
    words: { en: 'Carried out, answer not signed', zh: '已执行，答复没有签名' },
    action: { ...NORMAL, wording: 'unsigned' },
  },
  reply_mis_signed: {
    ...SIGNED,
    words: { en: 'Carried out, answer signed wrongly', zh: '已执行，答复签名错误' },
    action: { ...NORMAL, wording: 'mis_signed' },
  },
  reply_other_client: {
    ...SIGNED,
    words: { en: 'Carried out, answer signed for another client', zh: '已执行，答复签给别的客户' },
    action: { ...NORMAL, wording: 'other_client' },
  },
  reply_signed_plain: {
    ...SIGNED,
    words: { en: 'Carried out, signature in plain base64', zh: '已执行，签名未经百分号编码' },
    action: { ...NORMAL, wording: 'plain_base64' },
  },
  reply_signed_base64url: {
    ...SIGNED,
    words: { en: 'Carried out, signature in base64url', zh: '已执行，签名为 base64url' },
    action: { ...NORMAL, wording: 'base64url' },
  },
  reply_amount_as_number: {
    ...SIGNED,
    words: { en: 'Carried out, amounts as numbers', zh: '已执行，金额写成数字' },
    action: { ...NORMAL, wording: 'amount_as_number' },
  },
  reply_duplicate_member: {
    ...SIGNED,
    words: { en: 'Carried out, result given twice', zh: '已执行，结果出现两次' },
    action: { ...NORMAL, wording: 'duplicate_member' },
  },
  reply_unknown_members: {
    ...SIGNED,
    words: { en: 'Carried out, answer with unknown members', zh: '已执行，答复带未知字段' },
    action: { ...NORMAL, wording: 'unknown_members' },
  },
  reply_without_status: {
    ...SIGNED,
    words: { en: 'Carried out, result without a status', zh: '已执行，结果缺少状态' },
    action: { ...NORMAL, wording: 'without_status' },
  },
  reply_html_200: {
    ...SIGNED,
    words: { en: 'Not carried out, a web page instead', zh: '未执行，返回网页' },
    action: { work: 'none', delivery: 'html_200' },
  },
  answer_code: {
    ...SIGNED,
    words: { en: 'Not carried out, a code of your choice', zh: '未执行，返回指定代码' },
    action: { work: 'none', delivery: 'send', answersCode: true },
  },
} as const satisfies Readonly<Record<string, Fault>>;
