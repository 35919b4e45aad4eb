import { FAULT_NAMES, faultOf, SIGNED_FAULT_NAMES, type FaultName } from '../../main/training/faults.ts';
import { pick, seededRandom } from '../support/seeded-random.ts';
import { SPOKEN } from '../support/protocols.ts';

/** How the line to the acquirer is for a while. */
export type Weather = 'rough' | 'storm' | 'down';

/** Where a process can die: about a commit, or about a call. */
export const EDGES = ['before_commit', 'after_commit', 'before_send', 'after_send', 'before_reply'] as const;
export type Edge = (typeof EDGES)[number];

/** One customer at the counter, and how patient the cashier is; all times in milliseconds. */
export interface Sale {
  readonly kind: 'sale';
  readonly atMs: number;
  /** Null where the till gives no reference. */
  readonly saleId: string | null;
  readonly amountMinor: number;
  /** The scanner fires twice. */
  readonly isDoublePressed: boolean;
  readonly giveUpAfterMs: number | null;
  /** Tried again with another code, by going past the order that is undecided or not. */
  readonly again: { readonly afterMs: number; readonly override: boolean } | null;
  readonly giveBackAfterMs: number | null;
  readonly givesBackBy: 'revoke' | 'refund';
}

/** A process ends without a word and starts again later, maybe on a clock that was set meanwhile. */
interface Downtime {
  readonly downMs: number;
  readonly clockByMs: number;
}

export type Happening =
  | Sale
  | { readonly kind: 'weather'; readonly atMs: number; readonly lastsMs: number; readonly weather: Weather }
  | {
      readonly kind: 'fault';
      readonly atMs: number;
      readonly fault: FaultName;
      readonly call: 'pay' | 'query' | 'cancel' | 'revoke' | 'refund';
    }
  | ({ readonly kind: 'death'; readonly atMs: 0; readonly edge: Edge; readonly nth: number } & Downtime)
  | ({ readonly kind: 'kill'; readonly atMs: number } & Downtime)
  | ({ readonly kind: 'restart'; readonly atMs: number; readonly drainMs: number } & Downtime)
  | { readonly kind: 'clock'; readonly atMs: number; readonly byMs: number }
  | { readonly kind: 'rotate'; readonly atMs: number }
  | { readonly kind: 'unregister'; readonly atMs: number; readonly lastsMs: number }
  | { readonly kind: 'disk_full'; readonly atMs: number; readonly lastsMs: number }
  | { readonly kind: 'lead_visits'; readonly atMs: number }
  | { readonly kind: 'press_retry'; readonly atMs: number };

/** A whole run as data: with the same plan the same things happen. */
export interface Plan {
  readonly seed: number;
  /** Which of `SPOKEN`. */
  readonly protocol: number;
  /** The acquirer's clock at the beginning, in epoch milliseconds; the till's as well. */
  readonly startAtMs: number;
  readonly previousKeyTrades: boolean;
  readonly landAfterMs: number;
  /** From here on nothing goes wrong any more. */
  readonly quietFromMs: number;
  readonly happenings: readonly Happening[];
}

/** Faults whose codes only a person who scripts them can choose. */
const CHOSEN_BY_HAND: ReadonlySet<FaultName> = new Set(['answer_code']);
const SCRIPTED_CALLS = ['pay', 'query', 'cancel', 'revoke', 'refund'] as const;
/** 2026-11-20 00:00 in UTC+8. */
const MIDNIGHT_MS = Date.UTC(2026, 10, 19, 16);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** RSA is slow, so Upay is spoken by most seeds and each other protocol by every twentieth. */
function protocolOf(seed: number): number {
  const turn = seed % 20;
  return turn < SPOKEN.length ? turn : 0;
}

/** A seed's own plan; every kind of trouble comes in some plans and not in others. */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed * 2_654_435_761);
  const between = (from: number, to: number): number => from + Math.floor(random() * (to - from));
  const maybe = (share: number): boolean => random() < share;
  const quietFromMs = between(90_000, 420_000);
  const times = <Item>(share: number, most: number, make: () => Item): readonly Item[] =>
    maybe(share) ? Array.from({ length: between(1, most + 1) }, make) : [];
  const instant = (): number => between(0, quietFromMs);
  const downtime = (): Downtime => ({
    downMs: maybe(0.3) ? between(60_000, 400_000) : between(200, 20_000),
    clockByMs: maybe(0.25) ? clockStepMs(random) : 0,
  });
  const sales = Array.from({ length: between(1, 5) }, (_, index) =>
    saleOf(index, { random, between, maybe, instant }),
  );
  return {
    seed,
    protocol: protocolOf(seed),
    // A third begins within the last minutes of a day, so that it ends in the middle.
    startAtMs:
      MIDNIGHT_MS + (maybe(0.3) ? 24 * HOUR_MS - between(5000, 360_000) : between(HOUR_MS, 23 * HOUR_MS)),
    previousKeyTrades: maybe(0.5),
    landAfterMs: between(5000, 120_000),
    quietFromMs,
    happenings: [
      ...sales,
      ...times(0.65, 3, (): Happening => ({
        kind: 'weather',
        atMs: instant(),
        lastsMs: between(5000, 180_000),
        weather: pick(random, ['rough', 'storm', 'storm', 'down']),
      })),
      ...times(0.35, 4, (): Happening => {
        const fault = pick(random, faultNames());
        const calls = SCRIPTED_CALLS.filter((call) => faultOf(fault).calls.includes(call));
        return { kind: 'fault', atMs: instant(), fault, call: pick(random, [calls[0] ?? 'pay', ...calls]) };
      }),
      ...times(0.45, 3, (): Happening => ({
        kind: 'death',
        atMs: 0,
        edge: pick(random, EDGES),
        nth: between(1, maybe(0.5) ? 12 : 60),
        ...downtime(),
      })),
      ...times(0.2, 2, (): Happening => ({ kind: 'kill', atMs: instant(), ...downtime() })),
      ...times(0.12, 1, (): Happening => ({
        kind: 'restart',
        atMs: instant(),
        drainMs: between(0, 3000),
        ...downtime(),
      })),
      ...times(0.25, 2, (): Happening => ({ kind: 'clock', atMs: instant(), byMs: clockStepMs(random) })),
      ...times(0.25, 2, (): Happening => ({ kind: 'rotate', atMs: instant() })),
      ...times(0.12, 1, (): Happening => ({
        kind: 'unregister',
        atMs: instant(),
        lastsMs: between(1000, 120_000),
      })),
      ...times(0.12, 2, (): Happening => ({
        kind: 'disk_full',
        atMs: instant(),
        lastsMs: between(100, 60_000),
      })),
      ...times(0.25, 2, (): Happening => ({ kind: 'lead_visits', atMs: instant() })),
      ...times(0.2, 3, (): Happening => ({ kind: 'press_retry', atMs: instant() })),
    ],
  };
}

interface Dice {
  readonly random: () => number;
  readonly between: (from: number, to: number) => number;
  readonly maybe: (share: number) => boolean;
  readonly instant: () => number;
}

function saleOf(index: number, { random, between, maybe, instant }: Dice): Sale {
  const hundreds = 100 * between(1, 90);
  return {
    kind: 'sale',
    // Several stand there at once now and then.
    atMs: maybe(0.5) ? between(0, 15_000) : instant(),
    saleId: maybe(0.7) ? `sale-${index}` : null,
    // The last two digits of an amount choose what the acquirer does with it; most mean nothing.
    amountMinor: hundreds + (maybe(0.5) ? between(11, 30) : 34),
    isDoublePressed: maybe(0.2),
    giveUpAfterMs: maybe(0.3) ? between(500, 40_000) : null,
    again: maybe(0.35) ? { afterMs: between(1000, 90_000), override: maybe(0.6) } : null,
    giveBackAfterMs: maybe(0.35) ? between(1000, 120_000) : null,
    givesBackBy: pick(random, ['revoke', 'revoke', 'revoke', 'refund']),
  };
}

/** Seconds mostly; now and then as far as a person sets a wrong date. */
function clockStepMs(random: () => number): number {
  const sign = random() < 0.5 ? -1 : 1;
  const farMs = random() < 0.2 ? 26 * HOUR_MS : 10 * MINUTE_MS;
  return sign * Math.round(500 + random() * farMs);
}

function faultNames(): readonly [FaultName, ...FaultName[]] {
  const [first = 'http_500', ...others] = [...FAULT_NAMES, ...SIGNED_FAULT_NAMES].filter(
    (name) => !CHOSEN_BY_HAND.has(name),
  );
  return [first, ...others];
}
