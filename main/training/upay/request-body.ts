import { z } from 'zod';

/**
 * Request bodies as leniently as the acquirer reads them (upay.md 6): null and "" are absent, unknown
 * members are ignored, numbers stand for their digits, and a member of another type is absent.
 */
const leaf = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? undefined : String(value)))
  .catch(undefined);

const bodySchema = z.object({
  terminal_sn: leaf,
  sn: leaf,
  client_sn: leaf,
  total_amount: leaf,
  dynamic_id: leaf,
  subject: leaf,
  operator: leaf,
  payway: leaf,
  reflect: leaf,
  refund_request_no: leaf,
  refund_amount: leaf,
  app_id: leaf,
  code: leaf,
  device_id: leaf,
});

export type RequestBody = z.infer<typeof bodySchema>;

/** Undefined when the bytes are no UTF-8 text of a JSON object. */
export function readRequestBody(raw: Uint8Array): RequestBody | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
    return bodySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** `Authorization: <sn> <sign>`, whatever the blanks. */
export function readAuthorization(
  header: string | undefined,
): { readonly sn: string; readonly sign: string } | undefined {
  const [sn, sign, ...rest] = (header ?? '').trim().split(/\s+/);
  return sn === undefined || sn === '' || sign === undefined || rest.length > 0 ? undefined : { sn, sign };
}
