import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Acquirer } from '../../main/acquirer/acquirer.ts';
import { Ledger } from '../../main/ledger/ledger.ts';
import { OrderBook } from '../../main/order-book.ts';
import { Resolver } from '../../main/resolver/resolver.ts';
import { failure } from '../../shared/errors.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { err } from '../../shared/result.ts';
import { CASHIER, must } from '../support/terminal.ts';

const BASE_MS = Date.parse('2026-03-05T10:00:00+08:00');

let directory: string;
let ledger: Ledger;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'redress-timers-'));
  ledger = must(Ledger.open(join(directory, 'ledger.db'), DEFAULT_POLICY));
});

afterEach(() => {
  ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Answers of an acquirer that never heard of the order. */
const NOT_FOUND = { kind: 'not_found', evidence: { code: 'not_found' } } as const;
const UNKNOWN_TO_ALL: Acquirer = {
  pay: async () => ({ kind: 'unknown', evidence: { code: 'silence' } }),
  query: async () => NOT_FOUND,
  cancel: async () => NOT_FOUND,
  revoke: async () => NOT_FOUND,
  refund: async () => NOT_FOUND,
  probe: async () => true,
};

/**
 * A resolver whose clock moves by `tickMs` whenever anybody looks at it, as a real clock does between
 * two reads, and whose timers run when the test says so.
 */
function workbench(tickMs: number, used: Ledger = ledger) {
  let nowMs = BASE_MS;
  let armed: readonly { readonly atMs: number; readonly run: () => void }[] = [];
  const clock = {
    nowMs: () => Math.round((nowMs += tickMs)),
    resync: () => 0,
  };
  const book = new OrderBook({ ledger: used, clock, random: () => 0.5, serverOffsetMs: () => 0 });
  const resolver = new Resolver({
    ledger: used,
    book,
    acquirer: UNKNOWN_TO_ALL,
    clock,
    timers: {
      soon: queueMicrotask,
      after(ms, run) {
        const timer = { atMs: nowMs + Math.max(0, ms), run };
        armed = [...armed, timer];
        return () => {
          armed = armed.filter((candidate) => candidate !== timer);
        };
      },
    },
    random: () => 0.5,
    policy: DEFAULT_POLICY,
    concurrency: 4,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onOnline: () => undefined,
    onClockChanged: () => undefined,
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    collect(clientSn: string): void {
      const intent = {
        clientSn,
        saleId: clientSn,
        terminalSn: '10770000001',
        amountMinor: 1234,
        currency: 'CNY',
        subject: 'Counter sale',
        operator: 'cashier',
        businessDay: '2026-03-05',
        cancelUntilMs: null,
      } as const;
      const code = `28${clientSn}`;
      const collected = resolver.submit(clientSn, code, () => book.collect(intent, code, false, CASHIER));
      expect(collected.ok).toBe(true);
    },
    start: () => resolver.start(),
    /** Runs timers in order until none is armed, at most `most` of them. */
    async run(most: number): Promise<void> {
      await settle();
      for (let ran = 0; ran < most; ran += 1) {
        const [next] = armed.toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) return;
        armed = armed.filter((timer) => timer !== next);
        // A timer of Node fires up to a millisecond before its time by the clock that is read here.
        nowMs = Math.max(nowMs, next.atMs - 1);
        next.run();
        await settle();
      }
    },
  };
}

describe('the sleep of the resolver', () => {
  test('never misses a call that falls due between two looks at the clock', async () => {
    for (let index = 0; index < 40; index += 1) {
      const bench = workbench(0.07 + index * 0.023);
      bench.start();
      bench.collect(`order-${index}`);
      await bench.run(500);
      expect(ledger.owed(), `order-${index}`).toEqual([]);
    }
    expect(new Set(ledger.recent(100).map(({ state }) => state))).toEqual(new Set(['reversed']));
  });

  test('a disk that refuses one commit is tried again, whatever else happens meanwhile', async () => {
    let refusals = 0;
    const stubborn = new Proxy(ledger, {
      get(target, name) {
        if (name === 'applyTogether') {
          return (...args: Parameters<Ledger['applyTogether']>) => {
            const isItsAnswer = args[0].some(
              ({ clientSn, event }) => clientSn === 'order-1' && event.type === 'query_answered',
            );
            if (!isItsAnswer || refusals >= 3) return target.applyTogether(...args);
            refusals += 1;
            return err(failure('data_full', 'SQLITE_FULL'));
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const bench = workbench(0.1, stubborn);
    bench.start();
    bench.collect('order-1');
    bench.collect('order-2');
    await bench.run(5000);
    expect(refusals).toBe(3);
    expect(ledger.owed()).toEqual([]);
  });

  test('a disk that refuses the note before a call is tried again, although nothing else is due', async () => {
    let refusals = 0;
    const stubborn = new Proxy(ledger, {
      get(target, name) {
        if (name === 'apply') {
          return (...args: Parameters<Ledger['apply']>) => {
            if (args[1].type !== 'call_due' || refusals >= 3) return target.apply(...args);
            refusals += 1;
            return err(failure('data_full', 'SQLITE_FULL'));
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const bench = workbench(0.1, stubborn);
    bench.start();
    bench.collect('order-1');
    await bench.run(5000);
    expect(refusals).toBe(3);
    expect(ledger.owed()).toEqual([]);
  });
});
