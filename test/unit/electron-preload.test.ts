import { runInNewContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { beforeEach, describe, expect, test } from 'vitest';
import { CALL_NAMES } from '../../shared/call-names.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';

/** The preload as it is built, run against the two objects of Electron that a sandboxed preload may ask for. */

type Listener = (...args: unknown[]) => void;
type Exposed = Readonly<Record<string, unknown>>;

class ElectronStandIn {
  readonly exposed: { readonly name: string; readonly value: Exposed }[] = [];
  readonly asked: string[] = [];
  /** Channel and arguments of everything that went to the main process. */
  readonly sent: (readonly unknown[])[] = [];
  readonly listeners = new Map<string, Set<Listener>>();

  readonly contextBridge = {
    exposeInMainWorld: (name: string, value: Exposed): void => void this.exposed.push({ name, value }),
  };

  readonly ipcRenderer = {
    invoke: (...args: readonly unknown[]): Promise<unknown> => {
      this.sent.push(args);
      return Promise.resolve({ ok: true, value: 'answered' });
    },
    send: (...args: readonly unknown[]): void => void this.sent.push(args),
    on: (channel: string, listener: Listener): void =>
      void this.listeners.set(channel, new Set([...(this.listeners.get(channel) ?? []), listener])),
    off: (channel: string, listener: Listener): void => void this.listeners.get(channel)?.delete(listener),
  };

  emit(channel: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(channel) ?? []) listener({ sender: this.ipcRenderer }, ...args);
  }
}

async function builtPreload(): Promise<string> {
  const bundle = await rolldown({
    input: 'main/electron/preload.ts',
    platform: 'browser',
    external: ['electron'],
  });
  const { output } = await bundle.generate({ format: 'cjs' });
  await bundle.close();
  return output[0].code;
}

const code = await builtPreload();

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}

/** Every value below an exposed object. */
function leaves(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(leaves);
}

describe('what the page is given', () => {
  let electron = new ElectronStandIn();
  let given: Exposed = {};

  beforeEach(() => {
    electron = new ElectronStandIn();
    const ask = (name: string): unknown => {
      electron.asked.push(name);
      return electron;
    };
    const timers = { setTimeout: () => 0, clearTimeout: () => undefined };
    runInNewContext(code, { require: ask, exports: {}, ...timers });
    given = electron.exposed[0]?.value ?? {};
  });

  test('is one object, for which nothing but Electron was asked', () => {
    expect(electron.exposed.map(({ name }) => name)).toEqual(['redress']);
    expect(new Set(electron.asked)).toEqual(new Set(['electron']));
  });

  test('holds one function for each call by its name, and nothing that is not a function', () => {
    expect(Object.keys(given).toSorted()).toEqual(['api', 'subscribe']);
    expect(Object.keys(given['api'] ?? {}).toSorted()).toEqual([...CALL_NAMES].toSorted());
    expect(leaves(given).every(isFunction)).toBe(true);
  });

  test('holds no function of Electron itself', () => {
    const own = new Set<unknown>([
      ...Object.values(electron.ipcRenderer),
      ...Object.values(electron.contextBridge),
    ]);
    expect(leaves(given).filter((leaf) => own.has(leaf))).toEqual([]);
  });

  test('speaks on the channels of the kiosk only, whatever the page passes', async () => {
    const api = given['api'] as Exposed;
    for (const name of CALL_NAMES) {
      const run = api[name];
      if (isFunction(run)) await run({ channel: 'another' }, 'another');
    }
    expect(electron.sent).toEqual(
      CALL_NAMES.map((name) => [KIOSK_CHANNELS.call, name, { channel: 'another' }]),
    );
  });

  test('hands over what was pushed, and never the event that brought it', () => {
    const heard: unknown[][] = [];
    const listener = {
      push: (...args: unknown[]) => void heard.push(args),
      connection: (...args: unknown[]) => void heard.push(args),
    };
    const { subscribe } = given;
    if (isFunction(subscribe)) subscribe(listener);
    const push = { type: 'snapshot' };
    electron.emit(KIOSK_CHANNELS.push, push);
    electron.emit(KIOSK_CHANNELS.heartbeat);
    expect(heard).toEqual([[push], ['live']]);
    expect([...electron.listeners.keys()].toSorted()).toEqual(
      [KIOSK_CHANNELS.heartbeat, KIOSK_CHANNELS.push].toSorted(),
    );
  });
});
