/** Until when a protocol's acquirer accepts a cancel. All instants are on the acquirer's clock. */
export interface CancelWindow {
  /** The end of the window of an order paid at `payAtMs`; null where only the acquirer can tell. */
  cancelUntilMs(payAtMs: number): number | null;
  /** The first end of any order's window after `atMs`; null where only the acquirer can tell. */
  nextCloseMs(atMs: number): number | null;
}
