import { join } from 'node:path';
import { steadyClock } from '../../main/shell/steady-clock.ts';
import { OrderBook, type OrderBookDependencies } from '../../main/order-book.ts';
import { Resolver } from '../../main/resolver/resolver.ts';
import type { Applied, Change } from '../../main/ledger/ledger.ts';
import { failure, type Failure } from '../../shared/errors.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { err, type Result } from '../../shared/result.ts';
import type { Order } from '../../shared/order/order.ts';
import { FakeAcquirer } from './fake-acquirer.ts';
import { FakeTime, settled } from './fake-clock.ts';
import { NOON, openLedger, temporaryFolder } from './fake-ledger.ts';

/** The real order book on a disk that can be told to refuse. */
class RefusableBook extends OrderBook {
  refuses = false;
  /** As a full disk does: what writes nothing still commits, and an answer does not. */
  refusesAnswers = false;
  refusals = 0;

  override record(...given: Parameters<OrderBook['record']>): Result<Applied, Failure> {
    return this.refuses ? this.#refuse() : super.record(...given);
  }

  override recordTogether(
    ...given: Parameters<OrderBook['recordTogether']>
  ): Result<readonly Change[], Failure> {
    const hasAnswer = given[0].some(({ happening }) => 'outcome' in happening);
    return this.refuses || (this.refusesAnswers && hasAnswer)
      ? this.#refuse()
      : super.recordTogether(...given);
  }

  #refuse(): Result<never, Failure> {
    this.refusals += 1;
    return err(failure('data_full', 'SQLITE_FULL'));
  }
}

export interface CounterOptions {
  /** A ledger another counter left behind. */
  readonly file?: string;
  readonly atMs?: number;
  readonly concurrency?: number;
  readonly random?: OrderBookDependencies['random'];
}

/** A real resolver, order book and ledger between hand-driven time and a hand-written acquirer. */
export function counter(options: CounterOptions = {}) {
  const file = options.file ?? join(temporaryFolder(), 'ledger.db');
  const time = new FakeTime(options.atMs ?? NOON);
  const ledger = openLedger(file);
  const clock = steadyClock(time);
  const random = options.random ?? (() => 0.5);
  const book = new RefusableBook({ ledger, clock, random, serverOffsetMs: () => 0 });
  const acquirer = new FakeAcquirer(() => clock.nowMs());
  const online: boolean[] = [];
  const clockChanges: number[] = [];
  const logged: string[] = [];
  const note = (_fields: object, message: string): void => void logged.push(message);
  const resolver = new Resolver({
    ledger,
    book,
    acquirer,
    clock,
    timers: time,
    random,
    policy: DEFAULT_POLICY,
    concurrency: options.concurrency ?? 4,
    log: { info: note, warn: note, error: note },
    onOnline: (isOnline) => void online.push(isOnline),
    onClockChanged: (deltaMs) => void clockChanges.push(deltaMs),
  });
  const cashier = { kind: 'operator', name: 'Ada' } as const;

  const collect = (clientSn: string, saleId = clientSn, override = false) => {
    const code = `28${Buffer.from(clientSn).toString('hex')}`;
    const intent = {
      clientSn,
      saleId,
      terminalSn: '10298371039',
      amountMinor: 1234,
      currency: 'CNY',
      subject: 'Tea',
      operator: 'Ada',
      businessDay: '2026-11-20',
      cancelUntilMs: Date.parse('2026-11-20T16:00:00Z'),
    } as const;
    return resolver.submit(clientSn, code, () => book.collect(intent, code, override, cashier));
  };
  const order = (clientSn: string): Order => {
    const found = ledger.order(clientSn);
    if (found === null) throw new Error(`${clientSn} is not on disk`);
    return found;
  };

  return {
    file,
    time,
    clock,
    ledger,
    book,
    acquirer,
    resolver,
    online,
    clockChanges,
    logged,
    collect,
    order,
    does: (clientSn: string, happening: Parameters<OrderBook['record']>[1]) =>
      book.record(clientSn, happening, cashier),
    /** Answers the only call on the wire and lets what follows happen. */
    async answer(...given: Parameters<ReturnType<FakeAcquirer['only']>['answer']>): Promise<void> {
      acquirer.only().answer(...given);
      await settled();
    },
    /** Milliseconds since noon. */
    sinceNoon: () => clock.nowMs() - NOON,
  };
}

export type Counter = ReturnType<typeof counter>;
