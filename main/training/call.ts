/** The protocols the gateway speaks; one front each. */
export const PROTOCOLS = ['upay', 'alipayplus', 'miniprogram'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Protocols whose requests and answers are signed with RSA keys. */
export type RsaProtocol = Exclude<Protocol, 'upay'>;
export const RSA_PROTOCOLS = ['alipayplus', 'miniprogram'] as const satisfies readonly RsaProtocol[];

/** What can be asked of an acquirer, by one name whatever the protocol calls it. */
export const CALLS = ['activate', 'checkin', 'pay', 'query', 'cancel', 'revoke', 'refund'] as const;
export type Call = (typeof CALLS)[number];

/** Calls about the terminal itself, which only Upay has. */
export type TerminalCall = Extract<Call, 'activate' | 'checkin'>;
/** Calls about an order that is there already. */
export type OrderCall = Exclude<Call, TerminalCall | 'pay'>;

/** Cancel and revoke are one operation under two names (upay.md 4.3). */
export function isReversal(call: Call): call is 'cancel' | 'revoke' {
  return call === 'cancel' || call === 'revoke';
}
