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
}

const DEFAULT_CONDITIONS: Conditions = {
  previousKeyTrades: false,
  pendingMs: 5_000,
  slowMs: 8_000,
  hangMs: 120_000,
  landAfterMs: 60_000,
};

export type ConditionStore = ReturnType<typeof conditionStore>;

/** The conditions and the practice clock's shift, as the control endpoints last set them. */
export function conditionStore() {
  let conditions = DEFAULT_CONDITIONS;
  let offsetMs = 0;
  return {
    current: (): Conditions => conditions,
    change(part: { readonly [Name in keyof Conditions]?: Conditions[Name] | undefined }): void {
      conditions = {
        previousKeyTrades: part.previousKeyTrades ?? conditions.previousKeyTrades,
        pendingMs: part.pendingMs ?? conditions.pendingMs,
        slowMs: part.slowMs ?? conditions.slowMs,
        hangMs: part.hangMs ?? conditions.hangMs,
        landAfterMs: part.landAfterMs ?? conditions.landAfterMs,
      };
    },
    offsetMs: (): number => offsetMs,
    shiftClock(toOffsetMs: number): void {
      offsetMs = toOffsetMs;
    },
  };
}
