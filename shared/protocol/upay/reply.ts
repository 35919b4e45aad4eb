import { z } from 'zod';
import { parseJson } from '../../json.ts';
import { ok, err, type Result } from '../../result.ts';

/**
 * Replies of Upay v2. Everything but the outer result code is optional, unknown members are ignored,
 * null and "" both mean absent, and members longer than documented are survived (upay.md 2.0, 5).
 */

/** A terminal's key is any printable text without blanks; nothing else is assumed of its form. */
export const terminalKeySchema = z.string().regex(/^[\x21-\x7e]{1,256}$/);

/** Longest text of the acquirer's that is kept; its documents promise far less. */
const KEPT_TEXT = 256;

const leaf = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .optional()
  .transform((value): string | undefined => {
    if (value === null || value === undefined || value === '') return undefined;
    // JSON may have rounded it already, and a name that is off by one names another order: marked, it
    // is no order's name and no amount.
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return `~${value}`;
    return String(value).slice(0, KEPT_TEXT);
  })
  .catch(undefined);

/** A key is never cut: a shortened one would lock the terminal out. */
const key = terminalKeySchema.optional().catch(undefined);

const dataShape = z.object({
  sn: leaf,
  client_sn: leaf,
  status: leaf,
  order_status: leaf,
  payway: leaf,
  total_amount: leaf,
  net_amount: leaf,
  finish_time: leaf,
  terminal_sn: leaf,
  terminal_key: key,
});
/** Order fields of a reply; whatever is absent, null, empty or not a leaf value is undefined. */
export type UpayData = { readonly [Field in keyof z.infer<typeof dataShape>]?: string | undefined };

const NO_DATA: UpayData = {};
const dataSchema = dataShape
  .nullish()
  .catch(null)
  .transform((data): UpayData => data ?? NO_DATA);

const bizSchema = z
  .object({
    result_code: leaf,
    error_code: leaf,
    error_message: leaf,
    data: dataSchema,
    // activate and checkin answer flat; some texts nest the same members in data (upay.md 2.0).
    terminal_sn: leaf,
    terminal_key: key,
    merchant_name: leaf,
    store_name: leaf,
  })
  .nullish()
  .transform((biz) => biz ?? undefined)
  .catch(undefined);

const envelopeSchema = z.object({
  result_code: z.union([z.string(), z.number()]).transform((code) => String(code).slice(0, KEPT_TEXT)),
  error_code: leaf,
  error_message: leaf,
  biz_response: bizSchema,
});

export type UpayReply = z.infer<typeof envelopeSchema>;

/** Reads a body as the envelope, whatever the HTTP status was; anything else proves nothing. */
export function parseReply(
  text: string,
): Result<UpayReply, 'not_json' | 'duplicate_member' | 'not_an_envelope'> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = envelopeSchema.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : err('not_an_envelope');
}

/** Every request carries the terminal's number, in at most this many characters (upay.md 2). */
const LONGEST_TERMINAL_SN = 32;

/** A terminal identity as activate and checkin return it. */
export interface TerminalCredentials {
  readonly terminalSn: string;
  readonly terminalKey: string;
}

export function credentialsOf(reply: UpayReply): TerminalCredentials | undefined {
  if (reply.result_code !== '200') return undefined;
  const biz = reply.biz_response;
  const terminalSn = biz?.terminal_sn ?? biz?.data.terminal_sn;
  const terminalKey = biz?.terminal_key ?? biz?.data.terminal_key;
  if (terminalSn === undefined || terminalKey === undefined) return undefined;
  if (terminalSn.length > LONGEST_TERMINAL_SN) return undefined;
  return { terminalSn, terminalKey };
}
