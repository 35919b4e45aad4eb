import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { GatewayTruth, JournalLine, WireLine } from './history.ts';

/** Whose orders are meant: those that this terminal or client made, or those of these names. */
interface Whose {
  readonly identities: ReadonlySet<string>;
  readonly clientSns: ReadonlySet<string>;
}

/** `redress journal export`: JSON lines, or with `--json` one array. */
export function readJournal(file: string): readonly JournalLine[] {
  return readLines(file) as readonly JournalLine[];
}

/** The gateway's log as its control endpoint gives it: one array, or JSON lines. */
export function readWire(file: string, whose: Whose): readonly WireLine[] {
  const lines = readLines(file) as readonly (WireLine & {
    readonly terminalSn: string | null;
    readonly clientId: string | null;
  })[];
  return lines.filter(({ terminalSn, clientId, clientSn }) =>
    isOf(whose, { terminal_sn: terminalSn, client_id: clientId, client_sn: clientSn }),
  );
}

function isOf(whose: Whose, row: Pick<WireRow, 'terminal_sn' | 'client_id' | 'client_sn'>): boolean {
  const identity = row.terminal_sn ?? row.client_id ?? '';
  return whose.identities.has(identity) || whose.clientSns.has(row.client_sn ?? '');
}

function readLines(file: string): readonly unknown[] {
  const text = readFileSync(file, 'utf8').trim();
  if (text.startsWith('[')) return JSON.parse(text) as readonly unknown[];
  return text === '' ? [] : text.split('\n').map((line): unknown => JSON.parse(line));
}

interface OrderRow {
  readonly id: number;
  readonly client_sn: string;
  readonly sn: string;
  readonly terminal_sn: string | null;
  readonly client_id: string | null;
  readonly status: string;
  readonly total_minor: number;
  readonly refunded_minor: number;
  readonly charges: number;
}

interface RefundRow {
  readonly order_id: number;
  readonly request_no: string;
  readonly amount_minor: number;
}

interface WireRow {
  readonly at_ms: number;
  readonly call: string;
  readonly terminal_sn: string | null;
  readonly client_id: string | null;
  readonly client_sn: string | null;
  readonly signature: string;
  readonly result: string | null;
  readonly delivery: string;
}

/** The gateway's own file, also while the gateway runs. */
export function readGateway(
  file: string,
  whose: Whose,
): { readonly gatewayOrders: readonly GatewayTruth[]; readonly wire: readonly WireLine[] } {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = (sql: string): readonly unknown[] => database.prepare(sql).all();
    const refunds = rows('SELECT * FROM refunds ORDER BY id') as readonly RefundRow[];
    const isOurs = (row: Parameters<typeof isOf>[1]): boolean => isOf(whose, row);
    return {
      gatewayOrders: (rows('SELECT * FROM orders ORDER BY id') as readonly OrderRow[])
        .filter(isOurs)
        .map((row) => ({
          clientSn: row.client_sn,
          sn: row.sn,
          totalMinor: row.total_minor,
          netCapturedMinor: netOf(row),
          charges: row.charges,
          refunds: refunds
            .filter(({ order_id: id }) => id === row.id)
            .map(({ request_no: requestNo, amount_minor: amountMinor }) => ({ requestNo, amountMinor })),
        })),
      wire: (rows('SELECT * FROM wire_log ORDER BY seq') as readonly WireRow[]).filter(isOurs).map((row) => ({
        atMs: row.at_ms,
        call: row.call,
        clientSn: row.client_sn,
        signature: row.signature,
        result: row.result,
        delivery: row.delivery,
      })),
    };
  } finally {
    database.close();
  }
}

/** Out of the customer's pocket: what was charged, less what was given back, and nothing after a cancel. */
function netOf({ status, charges, total_minor: total, refunded_minor: refunded }: OrderRow): number {
  return charges === 0 || status === 'CANCELED' ? 0 : total - refunded;
}
