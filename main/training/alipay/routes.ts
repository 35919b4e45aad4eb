import type { RsaProtocol } from '../call.ts';
import type { Route } from '../server.ts';

/** AlipayHK's prefix: what comes below it has the form of seed 004. */
export const ACQUIRER_FORM_PREFIX = '/aps/api/intl/wallet';

/** Where wallets and regions put the same API (alipayplus.md 2). */
const PREFIXES: Readonly<Record<RsaProtocol, readonly string[]>> = {
  alipayplus: ['/aps/api', ACQUIRER_FORM_PREFIX],
  miniprogram: ['', '/api', '/api/open', '/miniprogram/api', '/acl/api'],
};

const PATHS: Readonly<Record<RsaProtocol, readonly Route[]>> = {
  alipayplus: [
    { path: '/v1/payments/pay', call: 'pay' },
    { path: '/v1/payments/inquiryPayment', call: 'query' },
    { path: '/v1/payments/cancelPayment', call: 'cancel' },
    { path: '/v1/payments/refund', call: 'refund' },
  ],
  miniprogram: [
    { path: '/v1/payments/retailPay', call: 'pay' },
    { path: '/v1/payments/pay', call: 'pay' },
    { path: '/v2/payments/inquiryPayment', call: 'query' },
    { path: '/v2/payments/cancel', call: 'cancel' },
    { path: '/v2/payments/refund', call: 'refund' },
  ],
};

/** Every path of a protocol under each of its usual prefixes. */
export function routesOf(protocol: RsaProtocol): readonly Route[] {
  return PREFIXES[protocol].flatMap((prefix) =>
    PATHS[protocol].map(({ path, call }) => ({ path: `${prefix}${path}`, call })),
  );
}
