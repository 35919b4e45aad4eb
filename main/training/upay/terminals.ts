import { z } from 'zod';
import { signUpay } from '../../../shared/signing/md5.ts';
import type { DatabaseHandle } from '../../database/open.ts';
import type { Random } from '../../shell/clock.ts';
import type { SignatureCheck } from '../front.ts';

/** Everything a terminal or an installer needs to practise; nothing here opens a real account. */
export interface GatewayCredentials {
  readonly vendorSn: string;
  readonly vendorKey: string;
  readonly appId: string;
  /** May be used as often as one likes, unlike a real one. */
  readonly activationCode: string;
  /** A terminal that is activated already. */
  readonly terminalSn: string;
  /** Its current key at the moment the gateway was started. */
  readonly terminalKey: string;
}

/** The built-in vendor. Published on purpose: it exists in practice files only. */
const PRACTICE_VENDOR = {
  vendorSn: '91800000000000001',
  vendorKey: 'practice-vendor-key',
  appId: '2026000000000001',
  activationCode: '10000001',
} as const;
const FIRST_TERMINAL_SN = 10_770_000_001;

export type TerminalStore = ReturnType<typeof terminalStore>;

/** Vendors, terminals and their keys. A new file gets the practice vendor and one activated terminal. */
export function terminalStore(database: DatabaseHandle, random: Random) {
  const vendorQuery = database.prepare('SELECT * FROM vendors LIMIT 1');
  const terminalQuery = database.prepare('SELECT * FROM terminals WHERE terminal_sn = ?');
  const nextId = database.prepare('SELECT coalesce(max(id), 0) + 1 FROM terminals').pluck();
  const insert = database.prepare(
    'INSERT INTO terminals (id, terminal_sn, vendor_sn, device_id, current_key) VALUES (?, ?, ?, ?, ?)',
  );
  const rotate = database.prepare(
    'UPDATE terminals SET previous_key = current_key, current_key = ? WHERE terminal_sn = ?',
  );

  const vendorOf = () => vendorSchema.optional().parse(vendorQuery.get());
  const terminalOf = (terminalSn: string) => terminalSchema.optional().parse(terminalQuery.get(terminalSn));

  const add = (vendorSn: string, deviceId: string | null): { terminalSn: string; terminalKey: string } => {
    const id = z.number().parse(nextId.get());
    const terminalSn = String(FIRST_TERMINAL_SN + id - 1);
    const terminalKey = randomHex(random, 32);
    insert.run(id, terminalSn, vendorSn, deviceId, terminalKey);
    return { terminalSn, terminalKey };
  };

  database.transaction(() => {
    if (vendorOf() !== undefined) return;
    database
      .prepare('INSERT INTO vendors VALUES (@vendorSn, @vendorKey, @appId, @activationCode, @codeSalt)')
      .run({ ...PRACTICE_VENDOR, codeSalt: randomHex(random, 32) });
    add(PRACTICE_VENDOR.vendorSn, null);
  })();
  const vendor = vendorSchema.parse(vendorQuery.get());

  return {
    credentials(): GatewayCredentials {
      const terminal = terminalSchema.parse(terminalQuery.get(String(FIRST_TERMINAL_SN)));
      return {
        vendorSn: vendor.vendor_sn,
        vendorKey: vendor.vendor_key,
        appId: vendor.app_id,
        activationCode: vendor.activation_code,
        terminalSn: terminal.terminal_sn,
        terminalKey: terminal.current_key,
      };
    },
    /** Keeps stored payment codes from being guessed back out of the file. */
    codeSalt: vendor.code_salt,
    checkVendor(sn: string, sign: string, body: Uint8Array): SignatureCheck {
      if (sn !== vendor.vendor_sn) return 'unknown_sn';
      return matches(sign, body, vendor.vendor_key) ? 'ok' : 'wrong';
    },
    /** A previous key counts only where the caller allows it: always for a check-in (upay.md 4.6). */
    checkTerminal(
      terminalSn: string,
      sign: string,
      body: Uint8Array,
      acceptsPreviousKey: boolean,
    ): SignatureCheck {
      const terminal = terminalOf(terminalSn);
      if (terminal === undefined) return 'unknown_sn';
      if (matches(sign, body, terminal.current_key)) return 'ok';
      const previous = acceptsPreviousKey ? terminal.previous_key : null;
      return previous !== null && matches(sign, body, previous) ? 'ok' : 'wrong';
    },
    isKnown: (terminalSn: string): boolean => terminalOf(terminalSn) !== undefined,
    isActivationAllowed: (appId: string, code: string): boolean =>
      appId === vendor.app_id && code === vendor.activation_code,
    activate: (deviceId: string) => add(vendor.vendor_sn, deviceId),
    /** Makes a new current key and keeps the former one as previous; gives the new key. */
    rotateKey(terminalSn: string): string {
      const key = randomHex(random, 32);
      rotate.run(key, terminalSn);
      return key;
    },
  };
}

const vendorSchema = z.object({
  vendor_sn: z.string(),
  vendor_key: z.string(),
  app_id: z.string(),
  activation_code: z.string(),
  code_salt: z.string(),
});

const terminalSchema = z.object({
  terminal_sn: z.string(),
  current_key: z.string(),
  previous_key: z.string().nullable(),
});

function matches(sign: string, body: Uint8Array, key: string): boolean {
  return sign.toLowerCase() === signUpay(body, key);
}

/** Practice secrets only, so an injected generator that need not be strong is enough. */
function randomHex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}
