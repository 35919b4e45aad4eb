import { z } from 'zod';
import { parseJson } from '../../json.ts';
import { err, ok, type Result } from '../../result.ts';

/**
 * Replies of the RSA protocols (alipayplus.md 2, 3; seeds 003 and 004). Only `result` must be there; unknown
 * members are ignored, null and "" both mean absent, and members longer than documented are survived. An
 * id, code, status or amount that is no string is not the documented form, and then nothing is believed.
 */

/** Longest text of the acquirer's that is kept; its documents promise less for all that is used. */
const KEPT_TEXT = 256;

/** A member that may be left out, be null or be "". */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional());

const word = optional(z.string().transform((text) => text.slice(0, KEPT_TEXT)));
/** Said to people and decides nothing, so its form is not insisted on. */
const words = word.catch(undefined);

const resultShape = z.object({ resultCode: word, resultStatus: word, resultMessage: words });
/** How a call went, or a payment within it; whatever is absent, null or empty is undefined. */
export type AlipayResult = Readonly<z.infer<typeof resultShape>>;

const amountShape = z.object({ currency: word, value: word });
export type AlipayAmount = Readonly<z.infer<typeof amountShape>>;

const transactionShape = z.object({
  transactionType: word,
  transactionStatus: word,
  transactionResult: optional(resultShape),
  transactionAmount: optional(amountShape),
  transactionRequestId: word,
  transactionId: word,
});
export type AlipayTransaction = Readonly<z.infer<typeof transactionShape>>;

const replyShape = z.object({
  result: resultShape,
  paymentId: word,
  paymentRequestId: word,
  paymentAmount: optional(amountShape),
  paymentResult: optional(resultShape),
  paymentStatus: word,
  paymentResultCode: word,
  paymentFailReason: words,
  transactions: optional(z.array(transactionShape)),
  refundId: word,
  refundRequestId: word,
  refundAmount: optional(amountShape),
  cancelTime: words,
  acquirerId: word,
  pspId: word,
  extendInfo: words,
});
export type AlipayReply = Readonly<z.infer<typeof replyShape>>;

/** Why a body tells nothing. */
export type AlipayReplyFault = 'not_json' | 'duplicate_member' | 'no_result' | 'malformed';

/** Reads a body, whatever the HTTP status was and whoever signed it: neither is asked here. */
export function parseAlipayReply(text: string): Result<AlipayReply, AlipayReplyFault> {
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!hasResult(json.value)) return err('no_result');
  const parsed = replyShape.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : err('malformed');
}

function hasResult(json: unknown): boolean {
  if (!isObject(json) || !Object.hasOwn(json, 'result')) return false;
  return 'result' in json && isObject(json.result);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
