/** How the practice acquirer behaves; times in milliseconds. Lost at a restart, unlike orders. */
interface Conditions {
  /** Whether trades signed with the key before the latest are still accepted. */
  readonly previousKeyTrades: boolean;
  /** Until a pending payment is confirmed, or a running cancel is done. */
  readonly pendingMs: number;
  /** How late a slow answer is. */
  readonly slowMs: number;
  /** Until an unanswered connection is given up. */
  readonly hangMs: number;
  /** Until a payment that nobody knew of lands after all. */
  readonly landAfterMs: number;
  /** Whether the clients' keys are registered; answers are unsigned INVALID_SIGNATURE while they are not. */
  readonly clientKeyAccepted: boolean;
  /** How far a Request-Time may be from the practice clock. */
  readonly freshnessMs: number;
  /** How long after its pay a mini-program order can be cancelled; null for the rest of its day in UTC+8. */
  readonly miniprogramWindowMs: number | null;
}

const DEFAULT_CONDITIONS: Conditions = {
  previousKeyTrades: false,
  pendingMs: 5_000,
  slowMs: 8_000,
  hangMs: 120_000,
  landAfterMs: 60_000,
  clientKeyAccepted: true,
  freshnessMs: 300_000,
  miniprogramWindowMs: null,
};

export type ConditionStore = ReturnType<typeof conditionStore>;

/** The conditions and the practice clock's shift, as the control endpoints last set them. */
export function conditionStore() {
  let conditions = DEFAULT_CONDITIONS;
  let offsetMs = 0;
  return {
    current: (): Conditions => conditions,
    change(part: { readonly [Name in keyof Conditions]?: Conditions[Name] | undefined }): void {
      const { miniprogramWindowMs = conditions.miniprogramWindowMs } = part;
      conditions = {
        previousKeyTrades: part.previousKeyTrades ?? conditions.previousKeyTrades,
        pendingMs: part.pendingMs ?? conditions.pendingMs,
        slowMs: part.slowMs ?? conditions.slowMs,
        hangMs: part.hangMs ?? conditions.hangMs,
        landAfterMs: part.landAfterMs ?? conditions.landAfterMs,
        clientKeyAccepted: part.clientKeyAccepted ?? conditions.clientKeyAccepted,
        freshnessMs: part.freshnessMs ?? conditions.freshnessMs,
        miniprogramWindowMs,
      };
    },
    offsetMs: (): number => offsetMs,
    shiftClock(toOffsetMs: number): void {
      offsetMs = toOffsetMs;
    },
  };
}
