/**
 * The names of the contract's calls, apart from their schemas, because the kiosk's preload gives the page one
 * function for each and may carry no validation library.
 */

/** What a terminal answers once it has settings, a key and a ledger. */
export const TERMINAL_CALL_NAMES = [
  'state.get',
  'sale.collect',
  'order.giveUp',
  'order.revoke',
  'order.refund',
  'order.retry',
  'order.reverse',
  'order.settle',
  'order.show',
  'orders.search',
  'counter.show',
  'terminal.get',
  'ledger.check',
  'practice.get',
  'practice.fault',
  'practice.clear',
] as const;
export type TerminalCallName = (typeof TERMINAL_CALL_NAMES)[number];

/** What is answered before there is a terminal, and whatever became of it. */
export const STATION_CALL_NAMES = ['setup.get', 'setup.test', 'setup.apply', 'diagnostics.write'] as const;
export type StationCallName = (typeof STATION_CALL_NAMES)[number];

export const CALL_NAMES = [...TERMINAL_CALL_NAMES, ...STATION_CALL_NAMES] as const;
export type CallName = (typeof CALL_NAMES)[number];

export function isCallName(name: unknown): name is CallName {
  return CALL_NAMES.some((known) => known === name);
}

export function isStationCallName(name: unknown): name is StationCallName {
  return STATION_CALL_NAMES.some((known) => known === name);
}
