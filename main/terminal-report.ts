import type { LedgerCheck, TerminalReport } from '../shared/contract.ts';
import type { Settings } from '../shared/settings.ts';
import type { CheckinReport } from './acquirer/upay-acquirer.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { ProtocolBinding } from './protocol-binding.ts';
import type { NetworkSeen } from './resolver/network-watch.ts';

/** A check-in and when it ended, by our clock. */
export type TimedCheckin = CheckinReport & { readonly atMs: number };

export interface TerminalReportSources {
  readonly settings: Settings;
  readonly directory: string;
  readonly startedAtMs: number;
  readonly binding: Pick<ProtocolBinding, 'identity' | 'keys'>;
  readonly ledger: Ledger;
  readonly network: NetworkSeen;
  readonly lastCheckin: TimedCheckin | null;
  readonly lastCheck: LedgerCheck | null;
  readonly clockOffsetMs: number | null;
  readonly versions: Omit<TerminalReport['versions'], 'sqlite'>;
}

/** Everything merchant IT asks a till on the telephone. It names keys by their day and never by their value. */
export function terminalReport(sources: TerminalReportSources): TerminalReport {
  const { settings, binding, ledger, lastCheck } = sources;
  const { identity, keys } = binding;
  return {
    protocol: settings.protocol,
    apiDomain: settings.apiDomain,
    terminalSn: identity.terminalSn,
    deviceId: keys.deviceId,
    dataDirectory: sources.directory,
    startedAtMs: sources.startedAtMs,
    network: sources.network,
    key: {
      checkedInDay: keys.checkedInDay(),
      isStored: keys.isStored(),
      lastCheckin: checkinLine(sources.lastCheckin),
    },
    clockOffsetMs: sources.clockOffsetMs,
    ledger: { sizeBytes: ledger.sizeBytes(), entries: ledger.lastSeq(), lastCheck },
    owedCalls: ledger.owedCount(),
    versions: { ...sources.versions, sqlite: ledger.engineVersion() },
  };
}

function checkinLine(checkin: TimedCheckin | null): TerminalReport['key']['lastCheckin'] {
  if (checkin === null) return null;
  return { atMs: checkin.atMs, ok: checkin.ok, code: checkin.ok ? null : checkin.code };
}
