import type { KeyObject } from 'node:crypto';
import { assertNever } from '../../../shared/assert.ts';
import type { Wording } from '../fault.ts';
import type { Message, WireRequest } from '../front.ts';
import type { Reply } from './replies.ts';
import { signatureHeader, signedContent, type SignatureText } from './signature.ts';

/** More than any client should be willing to read. */
const PADDING_BYTES = 4 * 1024 * 1024;
const CONTENT_TYPE = 'application/json; charset=UTF-8';
/** Somebody else's number: a terminal must not take what is signed for it. */
const OTHER_CLIENT_ID = 'PRACTICE_5X0000000000000Z';

/** Whom an answer is for, and what it is signed with. */
export interface Envelope {
  readonly wire: WireRequest;
  readonly clientId: string;
  readonly key: KeyObject;
  /** `Response-Time`, as text. */
  readonly time: string;
}

/** Writes an answer, spoilt the way its wording says; null writes it without a signature. */
export function writeReply(reply: Reply, envelope: Envelope | null, wording: Wording): Message {
  const text = bodyText(reply, wording);
  const unsigned = { headers: { 'Content-Type': CONTENT_TYPE }, text };
  if (envelope === null || !reply.isSigned || wording === 'unsigned') return unsigned;
  const { wire, key, time } = envelope;
  const clientId = wording === 'other_client' ? OTHER_CLIENT_ID : envelope.clientId;
  const body = Buffer.from(wording === 'mis_signed' ? `${text} ` : text);
  const signature = signatureHeader(signedContent(wire, clientId, time, body), key, signatureText(wording));
  return {
    headers: { ...unsigned.headers, Signature: signature, 'Client-Id': clientId, 'Response-Time': time },
    text,
  };
}

function signatureText(wording: Wording): SignatureText {
  if (wording === 'plain_base64') return 'plain';
  return wording === 'base64url' ? 'base64url' : 'percent';
}

function bodyText({ result, members }: Reply, wording: Wording): string {
  const body = { result, ...members };
  switch (wording) {
    case 'faithful':
    case 'unsigned':
    case 'mis_signed':
    case 'other_client':
    case 'plain_base64':
    case 'base64url':
      return JSON.stringify(body);
    case 'padded':
      return JSON.stringify({ ...body, padding: 'x'.repeat(PADDING_BYTES) });
    case 'amount_as_number':
      return JSON.stringify(body, (name, value: unknown) => (name === 'value' ? Number(value) : value));
    case 'duplicate_member':
      // Readers differ in which of the two they believe, so neither may be believed.
      return `{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F"},${JSON.stringify(body).slice(1)}`;
    case 'unknown_members':
      return JSON.stringify({
        ...body,
        result: { ...result, futureMember: 'of a newer version' },
        futureMembers: [{ deep: [1, null, true] }],
      });
    case 'without_status': {
      const { resultStatus: _left, ...rest } = result;
      return JSON.stringify({ ...body, result: rest });
    }
    default:
      return assertNever(wording);
  }
}
