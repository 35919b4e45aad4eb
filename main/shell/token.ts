import { randomBytes } from 'node:crypto';

/** 256 unguessable bits as hex: one-time addresses, session ids and secrets. */
export function systemToken(): string {
  return randomBytes(32).toString('hex');
}
