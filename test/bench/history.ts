import { closeSync, fsyncSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AcknowledgedMark } from '../../main/ledger/acknowledged.ts';
import { Journal, type JournalBody } from '../../main/ledger/journal.ts';
import { journaled, Ledger } from '../../main/ledger/ledger.ts';
import { Projections } from '../../main/ledger/projections.ts';
import { businessDayEndMs, businessDayOf } from '../../shared/business-day.ts';
import {
  EVENT_VERSION,
  TERMINAL_ACTOR,
  type Actor,
  type OrderEvent,
  type OrderHappening,
} from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import type { Evidence } from '../../shared/order/outcome.ts';
import type { Policy } from '../../shared/order/policy.ts';
import { transition } from '../../shared/order/transition.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** A zone without daylight saving, so that a day is always as long. */
export const HISTORY_TIME_ZONE = 'Asia/Shanghai';
const ZONE_AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** What a shop is open for, from the beginning of its day. */
const OPENS_MS = 8 * 3_600_000;
const CLOSES_MS = 22 * 3_600_000;
/** The last closed order of today began this long ago. */
const QUIET_MS = 300_000;
const ORDERS_PER_TRANSACTION = 20_000;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CASHIER: Actor = { kind: 'operator', name: 'Ada' };

export interface HistoryOptions {
  /** Where the ledger is to lie, such as `DIR/ledger.db`; nothing may be there yet. */
  readonly file: string;
  /** Orders that ended and owe nothing, spread evenly over business days that end today. */
  readonly closed: number;
  /** Orders of a few minutes ago that owe a cancel now: state reversing, due, nobody waiting. */
  readonly owed: number;
  readonly policy: Policy;
  readonly terminalSn: string;
  /** Epoch milliseconds; today is the business day of this instant in Shanghai. */
  readonly nowMs: number;
  /** Closed orders of today, and of every day before it. */
  readonly ordersPerDay?: number;
  /** Told the closed orders written so far, now and then. */
  readonly progress?: (orders: number) => void;
}

export interface WrittenHistory {
  readonly entries: number;
  readonly orders: number;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/**
 * Writes a ledger as years of business leave it: real events through the real transition, journalled under
 * the real hash chain, with projections that verify. Only the commits are not real: they are large, and
 * nothing is synced before the end. The file is on disk when this returns, so that no write-back of it
 * disturbs what is measured next.
 */
export function writeHistory(options: HistoryOptions): WrittenHistory {
  const { file, closed, owed, policy, nowMs, ordersPerDay = 500, progress } = options;
  createSchema(file, policy);
  const database = new Database(file);
  for (const pragma of [
    'foreign_keys = OFF',
    'synchronous = OFF',
    'journal_mode = OFF',
    'cache_size = -65536',
  ])
    database.pragma(pragma);
  const journal = new Journal(database);
  const projections = new Projections(database);
  const writer = new StoryWriter(journal, projections, options);
  const inTransaction = database.transaction((from: number, until: number) => {
    for (let index = from; index < until; index += 1) {
      // Counted from the newest, so that it is the oldest day that may be short of orders.
      const fromNewest = closed - 1 - index;
      const daysAgo = Math.floor(fromNewest / ordersPerDay);
      const { opensMs, closesMs } = openingHours(nowMs, daysAgo);
      const share = 1 - ((fromNewest % ordersPerDay) + 1) / (ordersPerDay + 1);
      writer.tellClosed(Math.floor(opensMs + share * (closesMs - opensMs)));
    }
  });
  for (let from = 0; from < closed; from += ORDERS_PER_TRANSACTION) {
    inTransaction(from, Math.min(closed, from + ORDERS_PER_TRANSACTION));
    progress?.(Math.min(closed, from + ORDERS_PER_TRANSACTION));
  }
  database.transaction(() => {
    for (let index = 0; index < owed; index += 1)
      writer.tellOwed(nowMs - policy.inFlightHorizonMs - owed + index);
  })();
  const { seq, hash } = journal.end;
  database.pragma('journal_mode = WAL');
  database.close();
  syncFile(file);
  const mark = new AcknowledgedMark(file);
  if (seq > 0) mark.write({ seq, hash });
  mark.close();
  return { entries: seq, orders: closed + owed, today: businessDayOf(nowMs, HISTORY_TIME_ZONE) };
}

/** The real migrations, and the key that the first of them draws. */
function createSchema(file: string, policy: Policy): void {
  const created = Ledger.open(file, policy);
  if (!created.ok) throw new Error(created.error.code);
  const isEmpty = created.value.lastSeq() === 0;
  created.value.close();
  if (!isEmpty) throw new Error(`${file} is a ledger in use`);
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

function openingHours(
  nowMs: number,
  daysAgo: number,
): { readonly opensMs: number; readonly closesMs: number } {
  const beginMs = Math.floor((nowMs + ZONE_AHEAD_MS) / DAY_MS) * DAY_MS - ZONE_AHEAD_MS - daysAgo * DAY_MS;
  if (daysAgo > 0) return { opensMs: beginMs + OPENS_MS, closesMs: beginMs + CLOSES_MS };
  // Early in the morning, today's orders are those of the night.
  const latestMs = Math.max(beginMs + 1, nowMs - QUIET_MS);
  const isOpen = latestMs > beginMs + 2 * OPENS_MS;
  return { opensMs: isOpen ? beginMs + OPENS_MS : beginMs, closesMs: latestMs };
}

type Happening = Exclude<OrderHappening, { type: 'collect_requested' }>;

/** What happens to an order and how long after it began, in milliseconds. */
type Story = readonly (readonly [afterMs: number, happening: Happening, actor?: Actor])[];

/** Tells the life of one order after another and writes it as the ledger would. */
class StoryWriter {
  readonly #journal: Journal;
  readonly #projections: Projections;
  readonly #options: HistoryOptions;
  readonly #random = seededRandom(20_261_120);
  #day = { name: '', endMs: 0 };

  constructor(journal: Journal, projections: Projections, options: HistoryOptions) {
    this.#journal = journal;
    this.#projections = projections;
    this.#options = options;
  }

  tellClosed(atMs: number): void {
    const sn = `7894259${String(Math.floor(this.#random() * 1e9)).padStart(9, '0')}`;
    const { inFlightHorizonMs } = this.#options.policy;
    const order = this.#tell(atMs, (name) => closedStory(this.#random(), sn, name, inFlightHorizonMs));
    if (order.owed !== null) throw new Error(`${order.state} still owes ${order.owed.call}`);
  }

  tellOwed(atMs: number): void {
    const { payTimeoutMs, confirmWindowMs } = this.#options.policy;
    const order = this.#tell(atMs, () => [
      [
        Math.min(payTimeoutMs, confirmWindowMs - 1),
        { type: 'pay_answered', outcome: unknown('local/timeout') },
      ],
      [confirmWindowMs, { type: 'call_due' }],
    ]);
    if (order.state !== 'reversing' || order.owed?.call !== 'cancel')
      throw new Error(`${order.state} owes no cancel`);
  }

  #tell(atMs: number, storyOf: (businessDay: string) => Story): Order {
    const { policy, terminalSn } = this.#options;
    const day = this.#dayOf(atMs);
    const clientSn = this.#clientSn(atMs, day.name);
    let event: OrderEvent = {
      type: 'collect_requested',
      clientSn,
      saleId: clientSn,
      terminalSn,
      amountMinor: 1 + Math.floor(this.#random() * 50_000),
      currency: 'CNY',
      subject: 'Counter sale',
      operator: CASHIER.name,
      businessDay: day.name,
      cancelUntilMs: day.endMs,
      codeFingerprint: this.#letters(43),
      overrides: [],
      atMs,
      serverOffsetMs: 0,
      random: this.#random(),
      actor: CASHIER,
    };
    let order: Order | null = null;
    let seq: number | null = null;
    const story = storyOf(day.name);
    for (let index = 0; ; index += 1) {
      const step = transition(order, event, policy);
      const alerts = step.effects.flatMap((effect) => (effect.type === 'alert' ? [effect.alert] : []));
      if (step.order === order) throw new Error(`${event.type} means nothing in ${step.order.state}`);
      order = step.order;
      const body: JournalBody = { event: journaled(event), order, alerts };
      seq = this.#journal.append({
        clientSn,
        previousSeq: seq,
        atMs: event.atMs,
        event: event.type,
        version: EVENT_VERSION,
        body: JSON.stringify(body),
      });
      const next = story[index];
      if (next === undefined) break;
      const [afterMs, happening, actor = TERMINAL_ACTOR] = next;
      event = { ...happening, atMs: atMs + afterMs, serverOffsetMs: 0, random: this.#random(), actor };
    }
    this.#projections.add(order, seq);
    return order;
  }

  /** Asking the calendar for each of a million orders would take longer than writing them. */
  #dayOf(atMs: number): { readonly name: string; readonly endMs: number } {
    if (atMs >= this.#day.endMs || atMs < this.#day.endMs - DAY_MS) {
      this.#day = {
        name: businessDayOf(atMs, HISTORY_TIME_ZONE),
        endMs: businessDayEndMs(atMs, HISTORY_TIME_ZONE),
      };
    }
    return this.#day;
  }

  #clientSn(atMs: number, day: string): string {
    const time = new Date(atMs + ZONE_AHEAD_MS).toISOString().slice(11, 19);
    return `${day.replaceAll('-', '')}-${time.replaceAll(':', '')}-${this.#letters(11)}`;
  }

  #letters(count: number): string {
    let letters = '';
    for (let index = 0; index < count; index += 1)
      letters += ALPHABET.charAt(Math.floor(this.#random() * ALPHABET.length));
    return letters;
  }
}

/** What a day at a counter is made of: most are paid, some declined, few asked about, fewer given back. */
function closedStory(chance: number, sn: string, businessDay: string, inFlightHorizonMs: number): Story {
  const paid: Story[number] = [1700, { type: 'pay_answered', outcome: approved(sn) }];
  if (chance < 0.8) return [paid];
  if (chance < 0.88) return [[2100, { type: 'pay_answered', outcome: declined(sn) }]];
  if (chance < 0.95) {
    const asking = { kind: 'pending', evidence: { code: '200/SUCCESS/CREATED', sn } } as const;
    return [
      [
        5300,
        {
          type: 'pay_answered',
          outcome: { kind: 'pending', evidence: evidence('PAY_IN_PROGRESS/CREATED', sn) },
        },
      ],
      [5500, { type: 'query_answered', outcome: asking }],
      [
        8600,
        { type: 'query_answered', outcome: { kind: 'charged', evidence: evidence('SUCCESS/PAID', sn) } },
      ],
    ];
  }
  const accepted = { kind: 'accepted', evidence: evidence('CANCEL_SUCCESS/CANCELED', sn) } as const;
  const gone = { kind: 'not_charged', evidence: evidence('SUCCESS/CANCELED', sn) } as const;
  if (chance < 0.98) {
    const requested: Happening = { type: 'revoke_requested', businessDay, revokeReason: 'Wrong article' };
    return [
      paid,
      [90_000, requested, CASHIER],
      [90_400, { type: 'revoke_answered', outcome: accepted }],
      [90_700, { type: 'query_answered', outcome: gone }],
    ];
  }
  return [
    [20_000, { type: 'pay_answered', outcome: unknown('local/reset') }],
    [20_300, { type: 'query_answered', outcome: unknown('502') }],
    [21_000, { type: 'gave_up' }, CASHIER],
    [21_300, { type: 'cancel_answered', outcome: accepted }],
    [21_500, { type: 'query_answered', outcome: gone }],
    [inFlightHorizonMs + 100, { type: 'query_answered', outcome: gone }],
  ];
}

function evidence(code: string, sn: string): Evidence {
  return { code: `200/${code}`, sn };
}

function approved(sn: string): { readonly kind: 'approved'; readonly evidence: Evidence } {
  return { kind: 'approved', evidence: evidence('PAY_SUCCESS/PAID', sn) };
}

function declined(sn: string): { readonly kind: 'declined'; readonly evidence: Evidence } {
  return {
    kind: 'declined',
    evidence: { ...evidence('PAY_FAIL/PAY_CANCELED', sn), message: 'Balance is not sufficient' },
  };
}

function unknown(code: string): { readonly kind: 'unknown'; readonly evidence: Evidence } {
  return { kind: 'unknown', evidence: { code } };
}
