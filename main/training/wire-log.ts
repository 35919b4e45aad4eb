import { z } from 'zod';
import type { DatabaseHandle } from '../database/open.ts';
import type { Clock } from '../shell/clock.ts';
import { CALLS, type Call } from './call.ts';
import type { FaultName } from './faults.ts';
import type { SignatureCheck } from './front.ts';

/** What became of an answer: still `waiting`, complete, kept back, or spoilt by a fault. */
export type DeliveryNote = 'waiting' | 'sent' | 'withheld' | 'damaged' | 'client_gone';

/** One request as it arrived. Times are of the machine's clock, not of the shifted practice clock. */
interface WireEntry {
  readonly seq: number;
  readonly atMs: number;
  /** Monotonic microseconds: orders entries and measures gaps within one run of the machine. */
  readonly atUs: number;
  readonly call: Call;
  readonly path: string;
  readonly terminalSn: string | null;
  readonly clientId: string | null;
  readonly clientSn: string | null;
  readonly sn: string | null;
  readonly fault: string | null;
  readonly signature: SignatureCheck | 'unchecked';
  /** Codes of the answer that was made, outermost first; null when none was made. */
  readonly result: string | null;
  readonly delivery: DeliveryNote;
  /** Whether the whole answer was handed to the network. */
  readonly delivered: boolean;
}

export type WireLog = ReturnType<typeof wireLog>;

/** The log of requests, for tests and the checker. It holds no bodies, keys or payment codes. */
export function wireLog(database: DatabaseHandle, clock: Clock) {
  const insert = database.prepare(`
    INSERT INTO wire_log (at_ms, at_us, call, path, terminal_sn, client_id, client_sn, sn, signature, delivery)
    VALUES (@atMs, @atUs, @call, @path, @terminalSn, @clientId, @clientSn, @sn, 'unchecked', 'waiting')`);
  const setFault = database.prepare('UPDATE wire_log SET fault = ? WHERE seq = ?');
  const setSignature = database.prepare('UPDATE wire_log SET signature = ? WHERE seq = ?');
  const setResult = database.prepare('UPDATE wire_log SET result = ? WHERE seq = ?');
  const setDelivery = database.prepare('UPDATE wire_log SET delivery = ? WHERE seq = ?');
  const every = database.prepare('SELECT * FROM wire_log ORDER BY seq');
  const ofOrder = database.prepare('SELECT * FROM wire_log WHERE client_sn = ? ORDER BY seq');

  return {
    /** Notes a request at the moment its body has arrived; gives its number. */
    arrived(request: {
      readonly call: Call;
      readonly path: string;
      readonly terminalSn: string | null;
      readonly clientId: string | null;
      readonly clientSn: string | null;
      readonly sn: string | null;
    }): number {
      const atUs = Math.round(clock.monotonicMs() * 1000);
      return Number(insert.run({ ...request, atMs: clock.nowMs(), atUs }).lastInsertRowid);
    },
    fault: (seq: number, fault: FaultName): void => void setFault.run(fault, seq),
    signature: (seq: number, check: SignatureCheck): void => void setSignature.run(check, seq),
    result: (seq: number, codes: string): void => void setResult.run(codes, seq),
    delivery(seq: number, note: DeliveryNote): void {
      // Sockets can close after the gateway has closed its file.
      if (database.open) setDelivery.run(note, seq);
    },
    entries(clientSn: string | undefined): readonly WireEntry[] {
      const rows = clientSn === undefined ? every.all() : ofOrder.all(clientSn);
      return rows.map((row) => entrySchema.parse(row));
    },
  };
}

const entrySchema = z
  .object({
    seq: z.number(),
    at_ms: z.number(),
    at_us: z.number(),
    call: z.enum(CALLS),
    path: z.string(),
    terminal_sn: z.string().nullable(),
    client_id: z.string().nullable(),
    client_sn: z.string().nullable(),
    sn: z.string().nullable(),
    fault: z.string().nullable(),
    signature: z.enum(['unchecked', 'ok', 'wrong', 'unknown_sn']),
    result: z.string().nullable(),
    delivery: z.enum(['waiting', 'sent', 'withheld', 'damaged', 'client_gone']),
  })
  .transform((row): WireEntry => ({
    seq: row.seq,
    atMs: row.at_ms,
    atUs: row.at_us,
    call: row.call,
    path: row.path,
    terminalSn: row.terminal_sn,
    clientId: row.client_id,
    clientSn: row.client_sn,
    sn: row.sn,
    fault: row.fault,
    signature: row.signature,
    result: row.result,
    delivery: row.delivery,
    delivered: row.delivery === 'sent',
  }));
