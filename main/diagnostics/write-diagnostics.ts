import { join } from 'node:path';
import { wallClockOf } from '../../shared/business-day.ts';
import type { ConnectionTest, TerminalReport } from '../../shared/contract.ts';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { testConnection } from '../acquirer/connection-test.ts';
import type { Dispatcher, PoolOptions } from '../acquirer/transport.ts';
import { engineVersionOf, openDatabase } from '../database/open.ts';
import { describeKeys } from '../settings/describe-keys.ts';
import { loadSettings } from '../settings/settings-store.ts';
import type { Clock, Timers } from '../shell/clock.ts';
import { LOG_FOLDER } from '../shell/host-log.ts';
import type { MachineFacts, ProgramVersions } from '../shell/machine.ts';
import { redactValues } from '../shell/redact.ts';
import {
  BUNDLE_FORMAT,
  defaultBundleFile,
  prepareBundleFile,
  pruneBundles,
  writeBundleFile,
} from './bundle-file.ts';
import { readCrashSection, readDiskSection } from './disk-section.ts';
import { readJournalSection } from './journal-section.ts';
import { readLedgerSection } from './ledger-section.ts';
import { readLogSection } from './log-section.ts';
import { readSection, sectionOf, type Reading, type Section } from './section.ts';

/** Small enough for a mail; what is larger is left out, the largest section first. */
const MAX_BYTES = 8 * 1024 * 1024;
const SECTION_MS = 10_000;
/** Longer than its check, which has a bound of its own. */
const LEDGER_MS = 90_000;
const CONNECTION_MS = 5000;

export interface DiagnosticsOptions {
  /** Where the host keeps logs and crash dumps, where that is not `directory`: practice has a directory of its own. */
  readonly hostDirectory?: string;
  /** The data directory. It may be in use, damaged, or not there at all. */
  readonly directory: string;
  /** Where the bundle goes; null for a new file below the data directory, of which the newest ten are kept. */
  readonly file: string | null;
  readonly clock: Clock;
  readonly timers: Timers;
  /** The report of the terminal in this process; null where there is none. */
  readonly live: TerminalReport | null;
  /** The file that a thread checking the ledger runs. */
  readonly checkWorkerFile: string;
  readonly versions: ProgramVersions;
  readonly machine: MachineFacts;
  /** The real pool unless a test watches the wire. */
  readonly createDispatcher?: (options: PoolOptions) => Dispatcher;
}

export interface WrittenDiagnostics {
  readonly file: string;
  readonly sizeBytes: number;
}

/**
 * Writes everything that support asks for as one JSON document, read from files beside whoever works on
 * them. A section that fails says so and hides no other. Fails with `diagnostics_file_invalid` or
 * `diagnostics_unwritable` where the bundle itself cannot be put there.
 *
 * @param onProgress told the name of each section before it is read
 */
export async function writeDiagnostics(
  options: DiagnosticsOptions,
  onProgress: (section: string) => void = () => undefined,
): Promise<Result<WrittenDiagnostics, Failure>> {
  const { directory, hostDirectory = directory, clock, machine, timers, live } = options;
  const madeAtMs = clock.nowMs();
  const file = options.file ?? defaultBundleFile(hostDirectory, madeAtMs, machine.timeZone);
  const prepared = prepareBundleFile(hostDirectory, file);
  if (!prepared.ok) return prepared;
  const sections: Record<string, Section> = live === null ? {} : { live: { ok: true, value: live } };
  for (const { name, boundMs = SECTION_MS, read } of sectionsOf(options)) {
    onProgress(name);
    sections[name] = await readSection(read, boundMs, timers);
  }
  const text = bundleText(madeAtMs, sections);
  const written = writeBundleFile(file, text);
  if (!written.ok) return written;
  if (options.file === null) pruneBundles(hostDirectory);
  return ok({ file, sizeBytes: Buffer.byteLength(text) });
}

interface SectionReader {
  readonly name: string;
  readonly boundMs?: number;
  readonly read: () => Reading | Promise<Reading>;
}

/** In the order in which they are read and stand in the bundle. */
function sectionsOf(options: DiagnosticsOptions): readonly SectionReader[] {
  const { directory, hostDirectory = directory, clock, timers, checkWorkerFile } = options;
  const file = join(directory, 'ledger.db');
  let tested: ConnectionTest | null = null;
  const testAndRemember = async (): Promise<Reading> => {
    const result = await readNetwork(options);
    tested = result.ok ? result.value.test : null;
    return result;
  };
  return [
    { name: 'about', read: () => readAbout(options) },
    { name: 'settings', read: () => readSettings(directory) },
    { name: 'keys', read: () => describeKeys(directory) },
    {
      name: 'ledger',
      boundMs: LEDGER_MS,
      read: () => readLedgerSection({ file, checkWorkerFile, clock, timers }),
    },
    { name: 'journal', read: () => readJournalSection(file) },
    { name: 'errors', read: () => readLogSection(join(hostDirectory, LOG_FOLDER)) },
    { name: 'network', read: testAndRemember },
    { name: 'clock', read: () => readClock(options, tested) },
    { name: 'disk', read: () => readDiskSection(directory) },
    { name: 'crashes', read: () => readCrashSection(join(hostDirectory, 'crashes')) },
  ];
}

function readAbout({ versions, machine, live }: DiagnosticsOptions): Reading {
  const memory = openDatabase(':memory:', []);
  if (!memory.ok) return memory;
  const sqlite = engineVersionOf(memory.value);
  memory.value.close();
  return ok({ versions: { ...versions, sqlite }, ...machine, isTerminalRunning: live !== null });
}

/** What is wrong with a file is told by its code alone: a detail could repeat what was pasted into it. */
function readSettings(directory: string): Reading {
  const settings = loadSettings(directory);
  if (!settings.ok) return err(failure(settings.error.code));
  return settings.value === null ? err(failure('not_configured')) : settings;
}

async function readNetwork({
  directory,
  clock,
  timers,
  createDispatcher,
  live,
}: DiagnosticsOptions): Promise<Result<{ readonly test: ConnectionTest; readonly seen: unknown }, Failure>> {
  const settings = loadSettings(directory);
  if (!settings.ok) return err(failure(settings.error.code));
  if (settings.value === null) return err(failure('not_configured'));
  const tested = await testConnection(settings.value.apiDomain, {
    clock,
    timers,
    timeoutMs: CONNECTION_MS,
    ...(createDispatcher === undefined ? {} : { createDispatcher }),
  });
  return tested.ok ? ok({ test: tested.value, seen: live?.network ?? null }) : tested;
}

function readClock(
  { directory, clock, machine, live }: DiagnosticsOptions,
  tested: ConnectionTest | null,
): Reading {
  const settings = loadSettings(directory);
  const timeZone = settings.ok ? (settings.value?.timeZone ?? null) : null;
  const nowMs = clock.nowMs();
  const shown = wallClockOf(nowMs, timeZone ?? machine.timeZone);
  return ok({
    nowMs,
    ...shown,
    timeZone,
    machineTimeZone: machine.timeZone,
    monotonicMs: Math.round(clock.monotonicMs()),
    /** The acquirer's clock minus ours, as just tested, and as the running terminal has learnt it. */
    acquirerOffsetMs: tested?.clockOffsetMs ?? null,
    learntOffsetMs: live?.clockOffsetMs ?? null,
  });
}

function bundleText(madeAtMs: number, sections: Readonly<Record<string, Section>>): string {
  const kept = { ...sections };
  for (;;) {
    const bundle = { format: BUNDLE_FORMAT, version: 1, madeAtMs, ...kept };
    const text = `${JSON.stringify(redactValues(bundle), null, 1)}\n`;
    if (Buffer.byteLength(text) <= MAX_BYTES) return text;
    const lengths = Object.entries(kept).map(([name, part]) => ({
      name,
      length: JSON.stringify(part).length,
    }));
    const [largest] = lengths.toSorted((a, b) => b.length - a.length);
    if (largest === undefined) return text;
    kept[largest.name] = sectionOf(err(failure('diagnostics_part_missing', `${largest.length} characters`)));
  }
}
