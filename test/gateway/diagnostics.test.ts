import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cli, prepareData, startCli, type CliOptions, type CliResult } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshMachine } from '../support/station.ts';
import { freshCode, HASTY, until } from '../support/terminal.ts';

let gateway: GatewayProcess;
let folder: string;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  folder = mkdtempSync(join(tmpdir(), 'redress-diagnostics-'));
});

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Part = { readonly ok: boolean; readonly value?: unknown; readonly error?: { readonly code: string } };
const readBundle = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Part>>;

/** Runs `serve` until the test ends, and gives what it prints and a way to call it as a till program does. */
async function serving(options: CliOptions) {
  const served = startCli(['--json', 'serve'], options);
  const stop = async (): Promise<CliResult> => {
    served.child.kill('SIGTERM');
    return served.ended;
  };
  onTestFinished(() => void stop());
  await until('the screen is served', () => served.stdout().endsWith('\n'));
  const { url } = JSON.parse(served.stdout()) as { readonly url: string };
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin } = new URL(url);
  const call = async (name: string, args: object): Promise<unknown> => {
    const response = await fetch(`${origin}/api/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify({ name, args }),
    });
    return response.json();
  };
  return { call, stop, oneTimeToken: new URL(url).searchParams.get('token') ?? '' };
}

/** Every file below a folder but the ones whose purpose is to hold keys. */
function filesBelow(directory: string, except: readonly string[]): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name));
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path)];
    }),
  );
}

/** A secret as it is, in hex, percent-encoded, and in base64 wherever in a longer text it begins. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    // What the bytes before and after have a part in is no sign of this secret.
    const whole = Math.floor((padded.length * 8) / 6);
    const from = Math.ceil((shift * 8) / 6);
    return [padded.toString('base64').slice(from, whole), padded.toString('base64url').slice(from, whole)];
  });
  const percent = hex.replaceAll(/../g, '%$&');
  return [secret, secret.toUpperCase(), hex, hex.toUpperCase(), percent, percent.toUpperCase(), ...base64];
}

describe('redress diagnostics', () => {
  test('writes a bundle beside a running terminal, and prints where it is', async () => {
    const own = await prepareData(gateway);
    onTestFinished(own.remove);
    const { data } = own;
    expect((await cli(['pay', '--amount', '12.34', '--code', freshCode()], { data })).code).toBe(0);
    const running = await serving({ data });
    const file = join(own.folder, 'bundle.json');
    const made = await cli(['--json', 'diagnostics', file], { data });
    expect(made.code).toBe(0);
    expect(made.json()).toEqual({ file, sizeBytes: statSync(file).size });
    expect(made.stderr.split('\n').slice(0, 2)).toEqual(['Reading about …', 'Reading settings …']);
    const bundle = readBundle(file);
    expect(Object.entries(bundle).filter(([, part]) => part.error !== undefined)).toEqual([]);
    expect(bundle['network']?.value).toMatchObject({
      test: { reachable: true, code: null, clockOffsetMs: 0 },
    });
    expect(bundle['ledger']?.value).toMatchObject({ check: { ok: true, value: { problems: [] } } });
    expect(bundle['errors']?.value).toMatchObject({
      lines: expect.arrayContaining([expect.objectContaining({ level: 30 })]) as object[],
    });
    // The terminal did not notice.
    expect(await running.call('sale.collect', { amount: '1.00', code: freshCode() })).toMatchObject({
      ok: true,
    });
    expect((await cli(['orders'], { data })).code).toBe(75);
    expect((await running.stop()).code).toBe(0);
  });

  test('tells of the practice ledger where the terminal practises, and of its host’s log', async () => {
    const machine = freshMachine();
    onTestFinished(() => machine.remove());
    await machine.station.start();
    await machine.ask('sale.collect', { amount: '12.34', code: freshCode() });
    const file = join(machine.folder, 'bundle.json');
    const written = await cli(['--json', 'diagnostics', file], { data: machine.directory });
    expect(written.code).toBe(0);
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
    expect(bundle).toMatchObject({ ledger: { ok: true }, errors: { ok: true }, keys: { ok: true } });
    const failed = Object.values(bundle).filter((section) => (section as { ok?: boolean }).ok === false);
    expect(failed).toEqual([]);
  });

  test('works before there is anything, and of a ledger that is damaged', async () => {
    const file = join(folder, 'early.json');
    const missing = join(folder, 'missing');
    const early = await cli(['diagnostics', file], { data: missing });
    expect([early.code, early.stdout]).toEqual([
      0,
      `Diagnostics are in ${file} (${statSync(file).size} bytes).\n`,
    ]);
    expect(readBundle(file)['settings']?.error?.code).toBe('not_configured');
    const own = await prepareData(gateway);
    onTestFinished(own.remove);
    writeFileSync(join(own.data, 'ledger.db'), 'scribble '.repeat(1000));
    expect((await cli(['diagnostics', file], { data: own.data })).code).toBe(0);
    expect(readBundle(file)['journal']?.error?.code).toBe('data_corrupt');
    expect(readBundle(file)['keys']?.ok).toBe(true);
    expect(readFileSync(join(own.data, 'ledger.db'), 'utf8')).toBe('scribble '.repeat(1000));
  });

  test('works for somebody who may not look into the data directory, and says so in every part', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only a privileged test can be somebody else');
    const own = await prepareData(gateway);
    onTestFinished(own.remove);
    const free = join(folder, 'free');
    mkdirSync(free);
    for (const path of [folder, free, own.folder]) chmodSync(path, 0o777);
    const file = join(free, 'bundle.json');
    const made = await cli(['diagnostics', file], { data: own.data, uid: 65_534 });
    expect([made.code, made.stderr.includes('bug')]).toEqual([0, false]);
    const bundle = readBundle(file);
    for (const name of ['settings', 'keys', 'journal', 'errors', 'network', 'disk', 'crashes'])
      expect([name, bundle[name]?.error?.code]).toEqual([name, expect.stringMatching(/^data_/)]);
    expect(bundle['about']?.ok).toBe(true);
    return undefined;
  });

  test('exits 64 for a place that cannot be meant and 69 for one that cannot be written', async (context) => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '{}');
    const codeOf = async (file: string, uid?: number) => {
      const made = await cli(['--json', 'diagnostics', file], {
        data: join(folder, 'missing'),
        ...(uid === undefined ? {} : { uid }),
      });
      return [made.code, (made.json() as { readonly error: { readonly code: string } }).error.code];
    };
    expect(await codeOf(other)).toEqual([64, 'diagnostics_file_invalid']);
    expect(readFileSync(other, 'utf8')).toBe('{}');
    expect(await codeOf(join(folder, 'none', 'bundle.json'))).toEqual([64, 'diagnostics_file_invalid']);
    expect(await codeOf('')).toEqual([64, 'usage']);
    if (process.getuid?.() !== 0) return context.skip('only a privileged test can be somebody else');
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(folder, 0o755);
    expect(await codeOf(join(closed, 'bundle.json'), 65_534)).toEqual([69, 'diagnostics_unwritable']);
    return undefined;
  });
});

describe('keys and payment codes', () => {
  test('are in no file but the key store, in nothing that is printed, and in no bundle, with the log at trace', async () => {
    const data = join(folder, 'data');
    const config = join(folder, 'settings.json');
    mkdirSync(data, { mode: 0o700 });
    // Where merchant IT is tempted to leave it: beside the settings.
    const vendorKeyFile = join(data, 'vendor-key.json');
    const { code, vendorKeyFile: vendor } = gateway.activation;
    writeFileSync(vendorKeyFile, JSON.stringify(vendor));
    const settings = { ...gateway.settings, terminal: { deviceId: 'diagnosed-counter' }, policy: HASTY };
    writeFileSync(config, JSON.stringify(settings));
    const options: CliOptions = { data, env: { REDRESS_LOG: 'trace' } };
    const printed: CliResult[] = [];
    const run = async (...args: readonly string[]): Promise<CliResult> => {
      const result = await cli(args, options);
      printed.push(result);
      return result;
    };
    const keys: string[] = [];
    const keepKeys = (): void => {
      const stored = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as Readonly<
        Record<string, string>
      >;
      keys.push(stored['terminalKey'] ?? '', stored['previousKey'] ?? '');
    };
    const codes = ['2877666655554444', '134500000000000077', '288877776666555512', '6212345678901234567'];

    expect((await run('init', '--config', config)).code).toBe(0);
    expect((await run('activate', '--code', code, '--key-file', vendorKeyFile)).code).toBe(0);
    keepKeys();
    expect((await run('pay', '--amount', '12.34', '--code', codes[0] ?? '')).code).toBe(0);
    keepKeys();
    expect((await run('checkin')).code).toBe(0);
    keepKeys();
    await run('pay', '--amount', '10.12', '--code', codes[1] ?? '');
    const running = await serving(options);
    await running.call('sale.collect', { amount: '10.29', code: codes[2] });
    await running.call('sale.collect', { amount: 'wrong', code: codes[3], [codes[3] ?? '']: keys[0] });
    await running.call(codes[3] ?? '', { key: keys[0] });
    expect((await run('diagnostics', join(data, 'beside.json'))).code).toBe(0);
    printed.push(await running.stop());
    await run('work', '--for', '5');
    keepKeys();
    expect((await run('diagnostics', join(folder, 'after.json'))).code).toBe(0);
    const exported = await run('journal', 'export');
    expect(exported.stdout).toContain('collect_requested');

    const places = new Map([
      ...filesBelow(data, ['secrets.json', 'vendor-key.json']),
      ['the bundle', readFileSync(join(folder, 'after.json'))],
      ['stdout', Buffer.from(printed.map(({ stdout }) => stdout).join('\n'))],
      ['stderr', Buffer.from(printed.map(({ stderr }) => stderr).join('\n'))],
    ]);
    const names = [...places.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1));
    expect(names).toEqual(
      expect.arrayContaining(['redress.log', 'ledger.db', 'settings.json', 'beside.json']),
    );
    const secrets = new Set([...keys, vendor.vendorKey, ...codes].filter((secret) => secret !== ''));
    expect(secrets.size).toBeGreaterThanOrEqual(8);
    for (const secret of secrets) {
      for (const form of formsOf(secret)) {
        for (const [place, bytes] of places)
          expect([place, bytes.includes(form) && form]).toEqual([place, false]);
      }
    }
    expect(places.get('the bundle')?.includes(running.oneTimeToken)).toBe(false);
    // The search finds what is there: the terminal's own number is no secret.
    expect(places.get('the bundle')?.includes('diagnosed-counter')).toBe(true);
  }, 60_000);

  test('would be found in every form that is looked for', () => {
    const secret = '2877666655554444';
    const text = `some text, then ${secret}, then more`;
    for (const shift of ['', 'x', 'xx']) {
      const forms = formsOf(secret);
      const encoded = Buffer.from(shift + text).toString('base64');
      expect(forms.some((form) => encoded.includes(form))).toBe(true);
    }
  });
});
