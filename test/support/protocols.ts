import { FileTerminalKeys, storeTerminalKey } from '../../main/settings/key-store.ts';
import { storeClientKeys } from '../../main/settings/client-keys.ts';
import { businessDayOf } from '../../shared/business-day.ts';
import type { Call } from '../../shared/order/order.ts';
import type { PolicyInput } from '../../shared/order/policy.ts';
import { parseSettings, type Settings } from '../../shared/settings.ts';
import type { GatewayProcess, TerminalIdentity } from './gateway-process.ts';
import { must } from './must.ts';

/** What a test needs to set a terminal up, and to read from the wire, whatever protocol it speaks. */
export interface SpokenProtocol {
  readonly name: string;
  /** A number the gateway knows the terminal by; of its own where the protocol gives one to each terminal. */
  identify(gateway: GatewayKeys, deviceId: string): Promise<TerminalIdentity>;
  settings(setUp: SetUp): Settings;
  storeKeys(directory: string, setUp: SetUp, checkedIn: boolean): void;
  /** The call that stands behind a path; undefined where it is none of an order. */
  callAt(path: string): Call | undefined;
  /** What a request body calls our name of the order, the acquirer's, and the refund's. */
  readonly names: {
    readonly clientSn: string;
    readonly sn: string;
    readonly refund: string;
    /** What our name of an order may be made of. */
    readonly pattern: RegExp;
  };
  /** The calls that name an order by both numbers once both are known; every other names it by one. */
  readonly namesTwice: readonly Call[];
  /** A revoke is a call of its own, or the same as a cancel. */
  readonly revokesBy: 'revoke' | 'cancel';
  /** Whether the terminal itself knows until when a cancel is accepted. */
  readonly knowsWindow: boolean;
  /** What the acquirer says, as the timeline shows it. */
  readonly codes: {
    readonly declined: string;
    readonly cancelRefused: string;
    readonly windowClosed: string;
    readonly refunded: string;
  };
}

/** What a gateway tells of the keys that it knows terminals and clients by. */
export type GatewayKeys = Pick<GatewayProcess, 'newTerminal' | 'protocolConfig'>;

export interface SetUp {
  readonly gateway: GatewayKeys;
  readonly identity: TerminalIdentity;
  readonly deviceId: string;
  readonly apiDomain: string;
  readonly policy: PolicyInput;
}

/** The keys of a Upay terminal as a check-in of today, or of long ago, would leave them. */
export function storeUpayKeys(
  directory: string,
  { identity: { terminalSn }, deviceId }: Pick<SetUp, 'identity' | 'deviceId'>,
  keys: { readonly current: string; readonly previous: string | null; readonly checkedIn: boolean },
): void {
  const { current, previous, checkedIn } = keys;
  must(storeTerminalKey(directory, terminalSn, previous ?? current));
  const stored = must(FileTerminalKeys.open(directory, { terminalSn, deviceId }));
  must(stored.rotate(current, checkedIn ? businessDayOf(Date.now(), 'Asia/Shanghai') : '2000-01-01'));
}

const UPAY_CALLS: Readonly<Record<string, Call>> = {
  '/upay/v2/pay': 'pay',
  '/upay/v2/query': 'query',
  '/upay/v2/cancel': 'cancel',
  '/upay/v2/revoke': 'revoke',
  '/upay/v2/refund': 'refund',
};

export const UPAY: SpokenProtocol = {
  name: 'upay',
  identify: (gateway, deviceId) => gateway.newTerminal(deviceId),
  settings: ({ apiDomain, identity, deviceId, policy }) =>
    must(
      parseSettings({
        protocol: 'upay',
        apiDomain,
        terminal: { terminalSn: identity.terminalSn, deviceId },
        policy,
      }),
    ),
  storeKeys: (directory, setUp, checkedIn) =>
    storeUpayKeys(directory, setUp, { current: setUp.identity.terminalKey, previous: null, checkedIn }),
  callAt: (path) => UPAY_CALLS[path],
  names: { clientSn: 'client_sn', sn: 'sn', refund: 'refund_request_no', pattern: /^[A-Za-z0-9_-]{1,32}$/ },
  namesTwice: [],
  revokesBy: 'revoke',
  knowsWindow: true,
  codes: {
    declined: 'INSUFFICIENT_FUND',
    cancelRefused: 'UPAY_TCP_ORDER_NOT_REFUNDABLE',
    windowClosed: 'UPAY_CANCEL_INVALID_ORDER_STATE',
    refunded: 'REFUNDED',
  },
};

/** What the two protocols that sign with a key pair have in common. */
function clientProtocol(
  protocol: 'alipayplus' | 'miniprogram',
  own: Pick<SpokenProtocol, 'name' | 'knowsWindow' | 'codes'> & { readonly client?: object },
): SpokenProtocol {
  return {
    ...own,
    identify: async (gateway) => {
      const { clientId } = gateway.protocolConfig(protocol).settings.client;
      return { terminalSn: clientId, terminalKey: '' };
    },
    settings: ({ apiDomain, identity, policy }) =>
      must(
        parseSettings({
          protocol,
          apiDomain,
          client: { clientId: identity.terminalSn, ...own.client },
          policy,
        }),
      ),
    storeKeys: (directory, { gateway, identity }) => {
      const { privateKey, publicKey } = gateway.protocolConfig(protocol).keyFile;
      must(storeClientKeys(directory, { clientId: identity.terminalSn, privateKey, publicKey }));
    },
    callAt: (path) => CLIENT_CALLS[path.slice(path.lastIndexOf('/') + 1)],
    names: {
      clientSn: 'paymentRequestId',
      sn: 'paymentId',
      refund: 'refundRequestId',
      pattern: protocol === 'miniprogram' ? /^[A-Za-z0-9]{1,32}$/ : /^[A-Za-z0-9_-]{1,32}$/,
    },
    // Seed 003's own sample has both.
    namesTwice: protocol === 'miniprogram' ? ['cancel'] : [],
    revokesBy: 'cancel',
  };
}

const CLIENT_CALLS: Readonly<Record<string, Call>> = {
  pay: 'pay',
  retailPay: 'pay',
  inquiryPayment: 'query',
  cancelPayment: 'cancel',
  cancel: 'cancel',
  refund: 'refund',
};

const ALIPAYPLUS_CODES = {
  declined: 'USER_BALANCE_NOT_ENOUGH',
  cancelRefused: 'PROCESS_FAIL',
  windowClosed: 'CANCEL_WINDOW_EXCEED',
  refunded: 'S/SUCCESS',
} as const;

/** One row for each protocol the terminal speaks, and for each form of its messages. A fourth one is another row. */
export const SPOKEN: readonly SpokenProtocol[] = [
  UPAY,
  clientProtocol('alipayplus', { name: 'alipayplus', knowsWindow: true, codes: ALIPAYPLUS_CODES }),
  clientProtocol('alipayplus', {
    name: 'alipayplus with acquirerId and pspId',
    client: {
      pathPrefix: '/aps/api/intl/wallet',
      acquirerId: '1022188000000000001',
      pspId: '1022172000000000001',
    },
    knowsWindow: true,
    codes: ALIPAYPLUS_CODES,
  }),
  clientProtocol('miniprogram', {
    name: 'miniprogram',
    knowsWindow: false,
    codes: {
      declined: 'USER_BALANCE_NOT_ENOUGH',
      cancelRefused: 'MERCHANT_BALANCE_NOT_ENOUGH',
      windowClosed: 'CANCEL_WINDOW_EXCEED',
      refunded: 'S/SUCCESS',
    },
  }),
];
