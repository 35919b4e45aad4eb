import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ForkedProcess,
  forkedGateway,
  type UtilityProcesses,
} from '../../main/electron/practice-gateway.ts';
import { startPractice } from '../../main/practice.ts';

const PROGRAM = '/opt/redress/redress.js';

/** A forked process as Electron reports it: its output, and its end. */
class ForkedStandIn implements ForkedProcess {
  readonly stdout: PassThrough | null;
  kills = 0;
  #onExit: () => void = () => undefined;

  constructor(stdout: PassThrough | null) {
    this.stdout = stdout;
  }

  on(_event: 'exit', listener: () => void): this {
    this.#onExit = listener;
    return this;
  }

  kill(): boolean {
    this.kills += 1;
    return true;
  }

  /** Electron may tell of the end before the output has ended, and may never end the output. */
  exit(): void {
    this.#onExit();
  }
}

type Forked = Parameters<UtilityProcesses['fork']>;

function forking(stdout: PassThrough | null = new PassThrough()) {
  const child = new ForkedStandIn(stdout);
  const forked: Forked[] = [];
  const launch = forkedGateway(
    {
      fork: (...given) => {
        forked.push(given);
        return child;
      },
    },
    PROGRAM,
  );
  return { child, forked, launch };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const READY = {
  url: 'http://127.0.0.1:4711',
  settings: {
    protocol: 'upay',
    apiDomain: 'http://127.0.0.1:4711',
    terminal: { terminalSn: '100000000000000001', deviceId: 'practice-counter' },
  },
  keyFile: { terminalKey: '0123456789abcdef0123456789abcdef' },
};

describe('a forked gateway', () => {
  test('is the built command line with the arguments of the practice, its errors beside ours', () => {
    const { forked, launch } = forking();
    launch(['--json', 'gateway']);
    expect(forked).toEqual([
      [
        PROGRAM,
        ['--json', 'gateway'],
        { stdio: ['ignore', 'pipe', 'inherit'], serviceName: 'Redress practice gateway' },
      ],
    ]);
  });

  test('is heard until it ends, also where its own output never does', async () => {
    const { child, launch } = forking();
    const { stdout } = launch([]);
    child.stdout?.write('one\ntwo\n');
    const heard = textOf(stdout);
    await new Promise((turn) => setImmediate(turn));
    child.exit();
    expect(await heard).toBe('one\ntwo\n');
  });

  test('may say more after its end was told, and nothing breaks', async () => {
    const { child, launch } = forking();
    const { stdout } = launch([]);
    const heard = textOf(stdout);
    child.exit();
    child.stdout?.write('late\n');
    child.stdout?.end();
    await new Promise((turn) => setImmediate(turn));
    expect(await heard).toBe('');
  });

  test('is silent where it has no output', async () => {
    const { child, launch } = forking(null);
    const heard = textOf(launch([]).stdout);
    child.exit();
    expect(await heard).toBe('');
  });

  test('is ended by a stop', () => {
    const { child, launch } = forking();
    const gateway = launch([]);
    expect(child.kills).toBe(0);
    gateway.stop();
    expect(child.kills).toBe(1);
  });
});

describe('practice behind a forked gateway', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'redress-practice-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('starts with the first line that it prints', async () => {
    const { child, forked, launch } = forking();
    const starting = startPractice(directory, launch);
    const text = line(READY);
    child.stdout?.write(text.slice(0, 20));
    child.stdout?.write(text.slice(20));
    const started = await starting;
    expect(started).toMatchObject({ ok: true, value: { directory, gatewayUrl: READY.url } });
    expect(forked[0]?.[1]).toEqual([
      '--json',
      'gateway',
      '--upay-only',
      '--data',
      join(directory, 'gateway.db'),
    ]);
    expect(existsSync(join(directory, 'settings.json'))).toBe(true);
    if (started.ok) started.value.stop();
    expect(child.kills).toBe(1);
  });

  test.each([
    ['nothing', ''],
    ['half a line', '{"url":'],
  ])('has failed when the gateway ends after %s', async (_name, said) => {
    const { child, launch } = forking();
    const starting = startPractice(directory, launch);
    if (said !== '') child.stdout?.write(said);
    child.exit();
    expect(await starting).toMatchObject({ ok: false, error: { code: 'acquirer_unreachable' } });
    expect(existsSync(join(directory, 'settings.json'))).toBe(false);
  });

  test.each([
    ['a refusal', line({ error: { code: 'port_in_use' } })],
    ['a line that is not JSON', 'Debugger attached.\n'],
  ])('has failed, and the gateway is ended, when its first line is %s', async (_name, said) => {
    const { child, launch } = forking();
    const starting = startPractice(directory, launch);
    child.stdout?.write(said);
    expect(await starting).toMatchObject({ ok: false, error: { code: 'acquirer_unreachable' } });
    expect(child.kills).toBe(1);
  });
});
