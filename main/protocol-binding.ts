import { assertNever } from '../shared/assert.ts';
import type { Failure } from '../shared/errors.ts';
import type { Dialect } from '../shared/protocol/alipay/dialect.ts';
import { alipayplusDialect } from '../shared/protocol/alipayplus/dialect.ts';
import { alipayplusWindow } from '../shared/protocol/alipayplus/window.ts';
import { miniprogramDialect } from '../shared/protocol/miniprogram/dialect.ts';
import { miniprogramWindow } from '../shared/protocol/miniprogram/window.ts';
import { upayWindow } from '../shared/protocol/upay/window.ts';
import type { CancelWindow } from '../shared/protocol/window.ts';
import { ok, type Result } from '../shared/result.ts';
import type { ClientSettings, Settings, UpaySettings } from '../shared/settings.ts';
import type { Acquirer } from './acquirer/acquirer.ts';
import { AlipayAcquirer } from './acquirer/alipay-acquirer.ts';
import type { ServerClock } from './acquirer/server-clock.ts';
import type { Dispatcher } from './acquirer/transport.ts';
import { UpayAcquirer, type CheckinReport } from './acquirer/upay-acquirer.ts';
import type { Identity } from './ledger/identity.ts';
import { importClientKeys, openClientKeys } from './settings/client-keys.ts';
import { FileTerminalKeys } from './settings/key-store.ts';
import type { Vault } from './settings/vault.ts';
import type { Timers } from './shell/clock.ts';

/** A check-in delays the first sale of the day, so it may not take as long as other calls. */
const CHECKIN_TIMEOUT_MS = 5000;

/** What a client needs of the terminal that uses it. */
export interface ConnectionParts {
  readonly dispatcher: Dispatcher;
  readonly serverClock: ServerClock;
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
  readonly osInfo: string;
  readonly sdkVersion: string;
  readonly onCheckin: (report: CheckinReport) => void;
  /** The acquirer understands this terminal again: calls that waited for its configuration go on. */
  readonly onUnderstood: () => void;
}

export interface Connection {
  readonly acquirer: Acquirer;
  /** Rotates the key; null where the protocol's keys do not change by themselves. */
  readonly checkin: (() => Promise<CheckinReport>) | null;
}

/** What may be told of the keys while the terminal runs. */
export interface KeysStanding {
  /** What the acquirer knows this device by; null where settings name none. */
  readonly deviceId: string | null;
  /** The business day of the last check-in, or null. */
  checkedInDay(): string | null;
  /** Whether the file holds what is used. */
  isStored(): boolean;
}

/** What a protocol brings to a terminal: whose money it moves, until when it comes back, and who speaks it. */
export interface ProtocolBinding {
  readonly identity: Identity;
  readonly window: CancelWindow;
  readonly keys: KeysStanding;
  /** What may stand between the parts of an order's name. */
  readonly nameMark: '-' | '';
  connect(parts: ConnectionParts): Connection;
}

/**
 * Opens the keys of the protocol that the settings name. Fails with `not_activated` where there are none,
 * and with `secrets_sealed` where another vault has sealed them.
 */
export function openBinding(
  directory: string,
  settings: Settings,
  vault: Vault,
): Result<ProtocolBinding, Failure> {
  switch (settings.protocol) {
    case 'upay':
      return openUpay(directory, settings, vault);
    case 'alipayplus':
      return openClient(directory, settings, vault, {
        dialect: alipayplusDialect(settings.client),
        window: alipayplusWindow,
        nameMark: '-',
      });
    case 'miniprogram':
      return openClient(directory, settings, vault, {
        dialect: miniprogramDialect(settings.client),
        window: miniprogramWindow,
        // Special characters are not supported, and a wallet counts the hyphen among them (alipayplus.md 3.1).
        nameMark: '',
      });
    default:
      return assertNever(settings);
  }
}

function openUpay(directory: string, settings: UpaySettings, vault: Vault): Result<ProtocolBinding, Failure> {
  const opened = FileTerminalKeys.open(directory, settings.terminal, vault);
  if (!opened.ok) return opened;
  const keys = opened.value;
  const { timeZone, policy } = settings;
  const checkinTimeoutMs = Math.min(CHECKIN_TIMEOUT_MS, policy.callTimeoutMs);
  return ok({
    identity: identityOf(settings, keys.terminalSn),
    window: upayWindow,
    keys,
    nameMark: '-',
    connect: (parts) => {
      const acquirer = new UpayAcquirer({ ...parts, keys, timeZone, checkinTimeoutMs });
      return { acquirer, checkin: () => acquirer.checkin() };
    },
  });
}

function openClient(
  directory: string,
  settings: ClientSettings,
  vault: Vault,
  own: Pick<ProtocolBinding, 'window' | 'nameMark'> & { readonly dialect: Dialect },
): Result<ProtocolBinding, Failure> {
  const { client, timeZone, policy } = settings;
  const opened = openClientKeys(directory, client.clientId, vault);
  if (!opened.ok) return opened;
  const { privateKey, publicKey } = opened.value;
  const payExpiryMs = policy.confirmWindowMs;
  return ok({
    identity: identityOf(settings, client.clientId),
    window: own.window,
    nameMark: own.nameMark,
    keys: {
      deviceId: client.store?.storeTerminalId ?? null,
      checkedInDay: () => null,
      isStored: () => true,
    },
    connect: (parts) => {
      const importKeys = () => importClientKeys({ privateKey, publicKey });
      const { dialect } = own;
      const signing = { dialect, client, importKeys, timeZone, payExpiryMs };
      return { acquirer: new AlipayAcquirer({ ...parts, ...signing }), checkin: null };
    },
  });
}

/**
 * Whose money an order under these settings is. Behind another path prefix, or for another pair of parties,
 * stands an acquirer that would say of every payment that it knows none.
 *
 * @param terminalSn the number the acquirer knows the terminal by: for a client its client id
 */
export function identityOf(settings: Settings, terminalSn: string): Identity {
  const { protocol, apiDomain } = settings;
  if (protocol === 'upay') return { protocol, apiDomain, terminalSn };
  const { pathPrefix } = settings.client;
  const parties =
    protocol === 'alipayplus' && settings.client.acquirerId !== undefined
      ? ` for ${settings.client.acquirerId}, ${settings.client.pspId ?? ''}`
      : '';
  return { protocol, apiDomain: `${apiDomain}${pathPrefix}${parties}`, terminalSn };
}
