import { join } from 'node:path';
import { openToRead } from '../../main/open-terminal.ts';
import { must } from '../support/must.ts';
import { writeHistory } from './history.ts';
import type { BareCaller, Line } from './wire.ts';

/** An amount at which the gateway lets nothing go wrong. */
export const PLAIN_MINOR = 1000;

/**
 * Writes a ledger that owes cancels of minutes ago into the data directory of a line.
 * @returns the names of the owed orders
 */
export function oweCancels(
  { data }: Line,
  counts: { readonly closed: number; readonly owed: number },
  progress: (orders: number) => void = () => undefined,
): readonly string[] {
  writeHistory({
    file: join(data.data, 'ledger.db'),
    ...counts,
    policy: data.settings.policy,
    terminalSn: data.identity.terminalSn,
    nowMs: Date.now(),
    progress,
  });
  const opened = must(openToRead(data.data));
  const names = opened.ledger.owed().map(({ clientSn }) => clientSn);
  opened.close();
  return names;
}

/** Has the gateway charge orders, as the pay calls did whose answers were lost. */
export async function charge(caller: BareCaller, line: Line, names: readonly string[]): Promise<void> {
  for (const name of names) await caller.pay(name, line.newCode(), PLAIN_MINOR);
}
