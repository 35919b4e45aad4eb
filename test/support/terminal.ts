import type { TerminalCallName } from '../../shared/call-names.ts';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createPool, type PoolOptions } from '../../main/acquirer/transport.ts';
import { openDirectory, openTerminal, type RunningTerminal } from '../../main/open-terminal.ts';
import type { PaymentInput } from '../../main/payment-input.ts';
import { saveSettings } from '../../main/settings/settings-store.ts';
import type { Log } from '../../main/shell/log.ts';
import {
  CONTRACT,
  type CallArgs,
  type CallResult,
  type Push,
  type TimelineEntry,
} from '../../shared/contract.ts';
import type { Actor } from '../../shared/order/event.ts';
import type { Order, OrderState } from '../../shared/order/order.ts';
import type { PolicyInput } from '../../shared/order/policy.ts';
import { committedSeq, problemsOf } from './check-story.ts';
import type { GatewayProcess, TerminalIdentity } from './gateway-process.ts';
import { must } from './must.ts';
import { storeUpayKeys, UPAY, type SpokenProtocol } from './protocols.ts';

export { must } from './must.ts';

/** Gives up soon: for stories in which the answer never comes. */
export const HASTY = {
  connectTimeoutMs: 500,
  payTimeoutMs: 600,
  callTimeoutMs: 2000,
  queryIntervalMs: 150,
  confirmWindowMs: 1200,
  minReverseAgeMs: 300,
  reverseBackoffMs: [100, 200, 400],
  inFlightHorizonMs: 2500,
} as const satisfies PolicyInput;

/** Waits longer than a busy machine stalls: for stories that end well. */
export const PATIENT = {
  ...HASTY,
  connectTimeoutMs: 5000,
  payTimeoutMs: 12_000,
  callTimeoutMs: 10_000,
  confirmWindowMs: 20_000,
  inFlightHorizonMs: 25_000,
} as const satisfies PolicyInput;

export const CASHIER: Actor = { kind: 'operator', name: 'cashier' };
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Longest wait for anything in these tests; reached only where something is wrong. */
const LIMIT_MS = 20_000;

/** One exchange as it left this process. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  readonly startMs: number;
  /** The newest journal entry that was on disk for everybody to read when it left. */
  readonly committedSeq: number;
  /** null while it is on the wire. */
  endMs: number | null;
  answered: boolean;
}

export interface TestTerminalOptions {
  readonly gateway: GatewayProcess;
  readonly policy?: PolicyInput;
  /** What it speaks; Upay unless named. */
  readonly protocol?: SpokenProtocol;
  /** Reaches another address than the gateway's. */
  readonly apiDomain?: string;
  /** Replaces the stored keys; by default the terminal has its one right key. */
  readonly keys?: (identity: TerminalIdentity) => {
    readonly current: string;
    readonly previous: string | null;
  };
  /** Whether the terminal knows that its acquirer is the practice gateway. */
  readonly practice?: boolean;
  /** false leaves today's check-in to be done. */
  readonly checkedIn?: boolean;
}

let codes = 0;

/** A payment code that no other call of this process has given out. */
export function freshCode(): string {
  codes += 1;
  return `28${String(process.pid).padStart(8, '0')}${String(codes).padStart(8, '0')}`;
}

/** Waits until `look` gives something, looking often; throws with `what` when it never does. */
export async function until<Value>(
  what: string | (() => string),
  look: () => Value | null | undefined | false | Promise<Value | null | undefined | false>,
  limitMs = LIMIT_MS,
): Promise<Value> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > endMs)
      throw new Error(`Never happened: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export type TestTerminal = Awaited<ReturnType<typeof openTestTerminal>>;

/** A terminal of real SQLite and real HTTP in this process, on a data directory of its own. */
export async function openTestTerminal(options: TestTerminalOptions) {
  const { gateway, protocol = UPAY, policy = PATIENT, apiDomain = gateway.url } = options;
  const { checkedIn = true, practice = false } = options;
  const directory = mkdtempSync(join(tmpdir(), 'redress-terminal-'));
  const deviceId = directory.slice(-20);
  const identity = await protocol.identify(gateway, deviceId);
  const setUp = { gateway, identity, deviceId, apiDomain, policy };
  const settings = protocol.settings(setUp);
  must(saveSettings(directory, settings));
  const keys = options.keys?.(identity);
  if (keys === undefined) protocol.storeKeys(directory, setUp, checkedIn);
  else storeKeys(keys.current, keys.previous);

  const sent: Sent[] = [];
  const records: Push[] = [];
  let running: RunningTerminal = open();
  await running.terminal.ready();
  let stopped = false;

  function storeKeys(key: string, before: string | null): void {
    storeUpayKeys(directory, setUp, { current: key, previous: before, checkedIn });
  }

  function open(): RunningTerminal {
    const opened = must(
      openTerminal({
        directory,
        log: SILENT,
        practice,
        createDispatcher: (pool) => recordingPool(pool, sent, () => committedSeq(directory)),
      }),
    );
    opened.terminal.subscribe((push) => records.push(push));
    opened.terminal.start();
    return opened;
  }

  const order = (clientSn: string): Order => must(running.terminal.find(clientSn));
  const timeline = async (clientSn: string): Promise<readonly TimelineEntry[]> => {
    const answer = await running.terminal.call('order.show', { clientSn }, CASHIER);
    if (!answer.ok) throw new Error(answer.error.message);
    return (answer.value as CallResult<'order.show'>).timeline;
  };

  return {
    directory,
    protocol,
    identity,
    settings,
    sent,
    records,
    order,
    timeline,
    /** The states an order went through, each once in a row. */
    states: async (clientSn: string): Promise<readonly string[]> =>
      (await timeline(clientSn))
        .map(({ detail }) => String(detail['state']))
        .filter((state, index, all) => state !== all[index - 1]),
    alerts: async (clientSn: string): Promise<readonly string[]> =>
      (await timeline(clientSn)).flatMap(({ detail }) => (detail['alerts'] ?? []) as readonly string[]),
    get terminal() {
      return running.terminal;
    },
    /** Starts one payment; throws where it is refused. */
    collect: (amount: string, more: Partial<PaymentInput> & { readonly override?: boolean } = {}): Order => {
      const { override = false, ...input } = more;
      return must(running.terminal.collect({ amount, code: freshCode(), ...input }, override, CASHIER));
    },
    /** The order as soon as it is in one of these states. */
    waitFor: (clientSn: string, wanted: readonly OrderState[]): Promise<Order> =>
      until(
        () => `${clientSn} is ${wanted.join(' or ')}; it is ${JSON.stringify(order(clientSn))}`,
        () => {
          const found = order(clientSn);
          return wanted.includes(found.state) && found;
        },
      ),
    /** Waits until nothing is owed and nothing is under way, tail queries included. */
    waitForIdle: (): Promise<true> => until('nothing is owed', () => running.terminal.isIdle()),
    /** What left this process for an order, by either of its numbers. */
    sentFor(clientSn: string): readonly Sent[] {
      const { sn } = order(clientSn);
      const { names } = protocol;
      return sent.filter(
        ({ body }) => body[names.clientSn] === clientSn || (sn !== null && body[names.sn] === sn),
      );
    },
    /** One call of the contract that must succeed. */
    async ask<Name extends TerminalCallName>(name: Name, args: CallArgs<Name>): Promise<CallResult<Name>> {
      const answer = await running.terminal.call(name, args, CASHIER);
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
      return CONTRACT[name].result.parse(answer.value) as CallResult<Name>;
    },
    storeKeys,
    /** Lets the directory go and opens it again, as a restart does. */
    async restart(beforeOpening: () => void = () => undefined, drainMs = 0): Promise<void> {
      await running.stop(drainMs);
      beforeOpening();
      running = open();
      await running.terminal.ready();
    },
    async stop(drainMs = 2000): Promise<void> {
      if (stopped) return;
      stopped = true;
      await running.stop(drainMs);
    },
    /** The ledger's own verdict on itself, after `stop`. */
    verify(): readonly string[] {
      const opened = must(openDirectory(directory));
      const { problems } = opened.ledger.verify();
      opened.close();
      return problems;
    },
    /** What the independent checker finds in the whole story, after `stop`. */
    disagreements(of: GatewayProcess & { readonly misled?: () => readonly string[] }): readonly string[] {
      return problemsOf(directory, of.file, {
        terminalSn: protocol.name === UPAY.name ? identity.terminalSn : null,
        sent: sent.flatMap(({ path, body, committedSeq: seq }) => {
          const call = protocol.callAt(path);
          const { clientSn, sn } = protocol.names;
          return call === undefined
            ? []
            : [{ call, committedSeq: seq, clientSn: body[clientSn], sn: body[sn] }];
        }),
        byHand: of.byHand,
        ...(of.misled === undefined ? {} : { misled: of.misled() }),
      });
    },
    /** The raw bytes of the ledger as they are on disk now, write-ahead log included. */
    ledgerBytes(): Buffer {
      const wal = join(directory, 'ledger.db-wal');
      return Buffer.concat(
        [join(directory, 'ledger.db'), wal]
          .filter((file) => existsSync(file))
          .map((file) => readFileSync(file)),
      );
    },
    remove(): void {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The real pool, with a note of every exchange that goes through it. */
function recordingPool(
  options: PoolOptions,
  sent: Sent[],
  seqOnDisk: () => number,
): ReturnType<typeof createPool> {
  return createPool(options).compose((dispatch) => (request, handler) => {
    const entry: Sent = {
      method: request.method,
      path: request.path,
      body: readBody(request.body),
      startMs: performance.now(),
      committedSeq: seqOnDisk(),
      endMs: null,
      answered: false,
    };
    sent.push(entry);
    const end = (answered: boolean): void => {
      entry.endMs = performance.now();
      entry.answered = answered;
    };
    return dispatch(request, {
      onRequestStart: (controller, context: unknown) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
      onResponseStart: (...start) => handler.onResponseStart?.(...start),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (controller, trailers) => {
        end(true);
        handler.onResponseEnd?.(controller, trailers);
      },
      onResponseError: (controller, error) => {
        end(false);
        handler.onResponseError?.(controller, error);
      },
    });
  });
}

function readBody(body: unknown): Readonly<Record<string, string>> {
  if (!(body instanceof Uint8Array)) return {};
  return JSON.parse(new TextDecoder().decode(body)) as Record<string, string>;
}

/** How many of these exchanges were on the wire at once. */
export function mostAtOnce(exchanges: readonly Sent[]): number {
  const marks = exchanges.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, step: 1 },
    { atMs: endMs ?? Infinity, step: -1 },
  ]);
  let now = 0;
  let most = 0;
  for (const { step } of marks.toSorted((a, b) => a.atMs - b.atMs || a.step - b.step)) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}

/** What must hold of every order of every story, whatever happened to it. */
export async function expectSound(
  terminal: TestTerminal,
  gateway: GatewayProcess,
  clientSns: readonly string[],
) {
  for (const clientSn of clientSns) {
    const log = await gateway.wireLog(clientSn);
    const executed = log.filter(({ call, signature }) => call === 'pay' && signature !== 'wrong');
    expect(executed.length, `${clientSn}: pay is never sent twice`).toBeLessThanOrEqual(1);
    const own = terminal.sentFor(clientSn);
    expect(mostAtOnce(own), `${clientSn}: at most one call in flight`).toBeLessThanOrEqual(1);
    for (const { path, body } of own) {
      const { protocol } = terminal;
      const { names, namesTwice } = protocol;
      const ids = [body[names.sn], body[names.clientSn]].filter((id) => id !== undefined);
      const call = protocol.callAt(path);
      const most = call !== undefined && namesTwice.includes(call) ? 2 : 1;
      expect(ids.length, `${clientSn}: ${path} names the order`).toBeGreaterThanOrEqual(1);
      expect(ids.length, `${clientSn}: ${path} names the order`).toBeLessThanOrEqual(most);
    }
    const charges = (await gateway.order(clientSn))?.charges ?? 0;
    expect(charges, `${clientSn}: charged at most once`).toBeLessThanOrEqual(1);
  }
  await terminal.stop();
  expect(terminal.verify()).toEqual([]);
  expect(terminal.disagreements(gateway)).toEqual([]);
}

/** Tells one story on a terminal of its own, then checks what must hold of every order it names. */
export async function expectStory(
  options: TestTerminalOptions,
  tell: (terminal: TestTerminal) => Promise<readonly string[]>,
): Promise<void> {
  const terminal = await openTestTerminal(options);
  try {
    await expectSound(terminal, options.gateway, await tell(terminal));
  } finally {
    await terminal.stop(0);
    terminal.remove();
  }
}

/** Where an order can rest: nothing moves it on but time after a reversal, or a person. */
export const RESTING = ['paid', 'declined', 'reversed', 'revoked', 'attention'] as const;
