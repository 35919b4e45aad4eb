import { UPAY_PATHS, type UpayCall } from '../../shared/protocol/upay/requests.ts';

/** Every call of the protocol, in the order of upay.md section 2. */
export const CALLS = [
  'activate',
  'checkin',
  'pay',
  'query',
  'cancel',
  'revoke',
  'refund',
] as const satisfies readonly UpayCall[];

export type Call = UpayCall;

export const PATHS = UPAY_PATHS;

/** Cancel and revoke are one operation under two names (upay.md 4.3). */
export function isReversal(call: Call): boolean {
  return call === 'cancel' || call === 'revoke';
}
