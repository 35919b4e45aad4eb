import { beforeEach, describe, expect, test } from 'vitest';
import { bridgeIpc, type IpcMainLike, type SenderEvent } from '../../main/electron/ipc-bridge.ts';
import type { ScreenRole } from '../../main/electron/windows.ts';
import { CALL_NAMES } from '../../shared/call-names.ts';
import { type Answer, snapshotSchema } from '../../shared/contract.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { createScriptedTerminal, type ScriptedTerminal } from '../support/scripted-terminal.ts';
import { RecordedLog } from '../support/electron-stand-in.ts';

/** Who is heard by the kiosk's main process, and what they are answered. */

const CASHIER_ID = 1;
const CUSTOMER_ID = 2;
const ROLES: ReadonlyMap<number, ScreenRole> = new Map([
  [CASHIER_ID, 'cashier'],
  [CUSTOMER_ID, 'customer'],
]);
const OWN_FRAME = { origin: 'app://kiosk', parent: null };

/** Electron's side of the bridge, played by the test. */
class Pages implements IpcMainLike {
  #handler: ((event: SenderEvent, ...values: unknown[]) => Promise<unknown>) | null = null;
  readonly #listeners = new Map<string, (event: SenderEvent) => void>();
  /** Channel and values of everything a page was sent, by the id of its contents. */
  readonly sent = new Map<number, (readonly unknown[])[]>();
  readonly destroyed = new Set<number>();
  readonly #onDestroyed = new Map<number, () => void>();

  handle(channel: string, listener: (event: SenderEvent, ...values: unknown[]) => Promise<unknown>): void {
    if (channel !== KIOSK_CHANNELS.call) throw new Error(`Nobody calls on ${channel}`);
    this.#handler = listener;
  }

  on(channel: string, listener: (event: SenderEvent) => void): void {
    this.#listeners.set(channel, listener);
  }

  call(id: number, frame: SenderEvent['senderFrame'], name: unknown, args: unknown): Promise<unknown> {
    if (this.#handler === null) throw new Error('Nobody handles calls');
    return this.#handler(this.#event(id, frame), name, args);
  }

  subscribe(id: number, frame: SenderEvent['senderFrame'] = OWN_FRAME): void {
    this.#listeners.get(KIOSK_CHANNELS.subscribe)?.(this.#event(id, frame));
  }

  destroy(id: number): void {
    this.destroyed.add(id);
    this.#onDestroyed.get(id)?.();
  }

  pushesTo(id: number): readonly unknown[] {
    return (this.sent.get(id) ?? []).filter(([channel]) => channel === KIOSK_CHANNELS.push);
  }

  #event(id: number, senderFrame: SenderEvent['senderFrame']): SenderEvent {
    const sender = {
      id,
      isDestroyed: () => this.destroyed.has(id),
      send: (...message: unknown[]) => void this.sent.set(id, [...(this.sent.get(id) ?? []), message]),
      once: (_event: 'destroyed', listener: () => void) => this.#onDestroyed.set(id, listener),
    };
    return { sender, senderFrame };
  }
}

let pages: Pages;
let terminal: ScriptedTerminal;
let log: RecordedLog;
let time: FakeTime;

beforeEach(() => begin(true));

function begin(isStrict: boolean): void {
  pages = new Pages();
  terminal = createScriptedTerminal();
  log = new RecordedLog();
  time = new FakeTime(1_763_600_000_000);
  bridgeIpc({
    ipcMain: pages,
    terminal,
    actor: { kind: 'operator', name: 'cashier' },
    roleOf: (id) => ROLES.get(id) ?? null,
    timers: time,
    log,
    isStrict,
  });
}

const refusal = (code: string) => ({ ok: false, error: { code, message: expect.any(String) as string } });

describe('a call from the cashier’s page', () => {
  test('reaches the terminal with the cashier as its actor, and its answer comes back', async () => {
    terminal.answer('counter.show', () => ({ ok: true, value: {} }));
    const args = { kind: 'idle' };
    expect(await pages.call(CASHIER_ID, OWN_FRAME, 'counter.show', args)).toEqual({ ok: true, value: {} });
    expect(terminal.calls).toEqual([
      { name: 'counter.show', args, actor: { kind: 'operator', name: 'cashier' } },
    ]);
  });

  test.each([
    'state.set',
    'constructor',
    '__proto__',
    'toString',
    '',
    7,
    null,
    undefined,
    {},
    ['state.get'],
    'state.get ',
  ])('named %j is answered call_unknown and reaches nobody', async (name) => {
    expect(await pages.call(CASHIER_ID, OWN_FRAME, name, {})).toEqual(refusal('call_unknown'));
    expect(terminal.calls).toEqual([]);
  });

  test('that ends in a bug is answered as one, with nothing of the bug in it', async () => {
    terminal.answer('terminal.get', () => {
      throw new Error('the key is 0123456789abcdef0123456789abcdef');
    });
    const answer = await pages.call(CASHIER_ID, OWN_FRAME, 'terminal.get', {});
    expect(answer).toEqual(refusal('bug'));
    expect(JSON.stringify(answer)).not.toContain('0123456789abcdef');
  });

  test('whose result breaks the contract is refused where it is developed', async () => {
    terminal.answer('setup.test', () => ({ ok: true, value: { reachable: 'yes' } }));
    expect(await pages.call(CASHIER_ID, OWN_FRAME, 'setup.test', { apiDomain: 'x' })).toEqual(
      expect.objectContaining({ ok: false, error: expect.objectContaining({ code: 'bug' }) as object }),
    );
  });

  test('whose result breaks the contract is logged and passed on at a counter', async () => {
    begin(false);
    const broken: Answer<unknown> = { ok: true, value: { reachable: 'yes' } };
    terminal.answer('setup.test', () => broken);
    expect(await pages.call(CASHIER_ID, OWN_FRAME, 'setup.test', { apiDomain: 'x' })).toEqual(broken);
    expect(JSON.stringify(log.lines)).toContain('a result breaks the contract');
  });
});

describe('a call from anywhere else', () => {
  test.each([
    ['a web page', { origin: 'https://example.com', parent: null }],
    ['a file', { origin: 'file://', parent: null }],
    ['another host of the scheme', { origin: 'app://other', parent: null }],
    ['an origin that begins alike', { origin: 'app://kiosk.example', parent: null }],
    ['an origin without a name', { origin: 'null', parent: null }],
    ['a frame inside the page', { origin: 'app://kiosk', parent: {} }],
    ['a frame that has gone', null],
  ] as const)('from %s is answered not_allowed and reaches nobody', async (_, frame) => {
    for (const name of CALL_NAMES)
      expect(await pages.call(CASHIER_ID, frame, name, {})).toEqual(refusal('not_allowed'));
    expect(terminal.calls).toEqual([]);
  });

  test('from contents that no window of ours has is answered not_allowed', async () => {
    expect(await pages.call(99, OWN_FRAME, 'state.get', {})).toEqual(refusal('not_allowed'));
    expect(terminal.calls).toEqual([]);
  });

  test('is in the log by its name and origin, without its arguments', async () => {
    const frame = { origin: 'https://example.com', parent: null };
    await pages.call(CASHIER_ID, frame, 'sale.collect', { amount: '1', code: '134700000000000001' });
    expect(JSON.stringify(log.lines)).toContain('sale.collect');
    expect(JSON.stringify(log.lines)).not.toContain('134700000000000001');
  });
});

describe('the customer’s display', () => {
  test('may read what it shows, and do nothing at all', async () => {
    expect(await pages.call(CUSTOMER_ID, OWN_FRAME, 'state.get', {})).toMatchObject({ ok: true });
    for (const name of CALL_NAMES.filter((each) => each !== 'state.get'))
      expect(await pages.call(CUSTOMER_ID, OWN_FRAME, name, {}), name).toEqual(refusal('not_allowed'));
    expect(terminal.calls).toEqual([]);
  });
});

describe('pushes', () => {
  test('begin with a whole snapshot and go on with every change', async () => {
    pages.subscribe(CASHIER_ID);
    await time.advance(0);
    terminal.push({ type: 'online', online: false });
    expect(pages.pushesTo(CASHIER_ID)).toMatchObject([
      [KIOSK_CHANNELS.push, { type: 'snapshot' }],
      [KIOSK_CHANNELS.push, { type: 'online', online: false }],
    ]);
  });

  test('that come while the snapshot is being read follow it', async () => {
    pages.subscribe(CASHIER_ID);
    terminal.push({ type: 'online', online: false });
    await time.advance(0);
    expect(pages.pushesTo(CASHIER_ID).map((sent) => (sent as [string, { type: string }])[1].type)).toEqual([
      'snapshot',
      'online',
    ]);
  });

  test('go to a reloaded page once, not once for each reload', async () => {
    for (let reload = 0; reload < 3; reload += 1) pages.subscribe(CASHIER_ID);
    await time.advance(0);
    const before = pages.pushesTo(CASHIER_ID).length;
    terminal.push({ type: 'online', online: false });
    expect(pages.pushesTo(CASHIER_ID).length - before).toBe(1);
  });

  test('end with the window, and nothing is sent to what is gone', async () => {
    pages.subscribe(CASHIER_ID);
    await time.advance(0);
    const before = pages.sent.get(CASHIER_ID)?.length;
    pages.destroy(CASHIER_ID);
    terminal.push({ type: 'online', online: false });
    await time.advance(60_000);
    expect(pages.sent.get(CASHIER_ID)?.length).toBe(before);
    expect(time.pending()).toEqual([]);
  });

  test('carry a heartbeat, so that a page notices a main process that hangs', async () => {
    pages.subscribe(CASHIER_ID);
    await time.advance(45_000);
    const beats = (pages.sent.get(CASHIER_ID) ?? []).filter(
      ([channel]) => channel === KIOSK_CHANNELS.heartbeat,
    );
    expect(beats.length).toBe(3);
  });

  test.each([
    ['a foreign page', { origin: 'https://example.com', parent: null }],
    ['a frame inside the page', { origin: 'app://kiosk', parent: {} }],
  ] as const)('never go to %s', async (_, frame) => {
    pages.subscribe(CASHIER_ID, frame);
    await time.advance(60_000);
    terminal.push({ type: 'online', online: false });
    expect(pages.sent.get(CASHIER_ID)).toBeUndefined();
  });

  test('reach a page that asked while there was no terminal, as soon as there is one', async () => {
    terminal.answer('state.get', () => ({ ok: false, error: { code: 'not_activated', message: 'No key.' } }));
    pages.subscribe(CASHIER_ID);
    await time.advance(0);
    terminal.push({ type: 'online', online: true });
    expect(pages.pushesTo(CASHIER_ID)).toEqual([]);
    const snapshot = await snapshotOf(createScriptedTerminal());
    terminal.push({ type: 'snapshot', snapshot });
    terminal.push({ type: 'online', online: false });
    expect(pages.pushesTo(CASHIER_ID)).toMatchObject([
      [KIOSK_CHANNELS.push, { type: 'snapshot' }],
      [KIOSK_CHANNELS.push, { type: 'online', online: false }],
    ]);
  });
});

async function snapshotOf(other: ScriptedTerminal) {
  const answer = await other.call('state.get', {}, { kind: 'operator', name: 'Ada' });
  if (!answer.ok) throw new Error(answer.error.code);
  return snapshotSchema.parse(answer.value);
}
