import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Failure } from '../shared/errors.ts';
import { DEFAULT_POLICY, type Policy } from '../shared/order/policy.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Settings } from '../shared/settings.ts';
import { createPool, type Dispatcher, type PoolOptions } from './acquirer/transport.ts';
import { Ledger } from './ledger/ledger.ts';
import { lockDirectory, type DirectoryLock } from './ledger/lock.ts';
import { makeDirectory } from './settings/files.ts';
import { openBinding } from './protocol-binding.ts';
import { loadSettings } from './settings/settings-store.ts';
import { PLAIN_VAULT, type Vault } from './settings/vault.ts';
import { systemClock, systemRandom, systemTimers } from './shell/clock.ts';
import type { Log } from './shell/log.ts';
import { machine } from './shell/machine.ts';
import { steadyClock, type SteadyClock } from './shell/steady-clock.ts';
import { Terminal } from './terminal.ts';

/** Owed calls in flight at once in each lane. A counter owes few; after an outage this drains without flooding. */
const CONCURRENCY = 4;
/** Connections beyond those, so that a new sale never waits behind reversals. */
const SALE_CONNECTIONS = 4;

/** A data directory held by this process. */
export interface OpenDirectory {
  readonly directory: string;
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly lock: DirectoryLock;
  readonly close: () => void;
}

/** The lock first: a second process fails here and has touched nothing. */
export function claimDirectory(directory: string): Result<DirectoryLock, Failure> {
  const made = makeDirectory(directory);
  if (!made.ok) return made;
  const lock = lockDirectory(directory);
  return lock.ok ? lock : err(failure(lock.error.code, directory));
}

/** Takes the directory, then opens what is in it. Whatever fails, nothing stays held. */
function openHeld<Value>(
  directory: string,
  open: (lock: DirectoryLock) => Result<Value, Failure>,
): Result<Value, Failure> {
  const lock = claimDirectory(directory);
  if (!lock.ok) return lock;
  const opened = open(lock.value);
  if (!opened.ok) lock.value.release();
  return opened;
}

/** Takes the directory with its settings and its ledger. */
export function openDirectory(directory: string): Result<OpenDirectory, Failure> {
  return openHeld(directory, (lock) => {
    const settings = loadSettings(directory);
    if (!settings.ok) return settings;
    if (settings.value === null) return err(failure('not_configured', directory));
    const opened = openLedger(directory, settings.value.policy, lock);
    return opened.ok ? ok({ directory, settings: settings.value, lock, ...opened.value }) : opened;
  });
}

/** A ledger held to be read, and the way to let it go. */
export interface ReadableLedger {
  readonly ledger: Ledger;
  readonly close: () => void;
}

/** Takes the directory for looking at its ledger alone, which a copy of the ledger's file allows as well. */
export function openToRead(directory: string): Result<ReadableLedger, Failure> {
  const isThere = (name: string): boolean => existsSync(join(directory, name));
  if (isThere('settings.json') || !isThere('ledger.db')) return openDirectory(directory);
  return openHeld(directory, (lock) => openLedger(directory, DEFAULT_POLICY, lock));
}

function openLedger(directory: string, policy: Policy, lock: DirectoryLock): Result<ReadableLedger, Failure> {
  const ledger = Ledger.open(join(directory, 'ledger.db'), policy);
  if (!ledger.ok) return ledger;
  const close = (): void => {
    ledger.value.close();
    lock.release();
  };
  return ok({ ledger: ledger.value, close });
}

/** A running terminal and the way to let it and its directory go. */
export interface RunningTerminal {
  readonly terminal: Terminal;
  readonly settings: Settings;
  readonly stop: (drainMs: number) => Promise<void>;
}

export interface OpenTerminalOptions {
  readonly directory: string;
  readonly log: Log;
  readonly practice: boolean;
  /** What the file of keys is sealed with; by default its mode alone protects it. */
  readonly vault?: Vault;
  /** The file a thread that checks the ledger runs; from the sources, the source itself. */
  readonly checkWorkerFile?: string;
  /** The HTTP dispatcher; the real pool unless a test watches the wire from inside the process. */
  readonly createDispatcher?: (options: PoolOptions) => Dispatcher;
  /** The machine's time unless a bench must know to the microsecond what this terminal takes the time for. */
  readonly clock?: SteadyClock;
}

/** Opens the directory and wires a terminal of real clock, network and disk; it is not started yet. */
export function openTerminal(options: OpenTerminalOptions): Result<RunningTerminal, Failure> {
  const { directory, log, practice, vault = PLAIN_VAULT, createDispatcher = createPool } = options;
  const { checkWorkerFile = join(import.meta.dirname, 'ledger', 'check-worker.ts') } = options;
  const { clock = steadyClock(systemClock) } = options;
  const opened = openDirectory(directory);
  if (!opened.ok) return opened;
  const { settings, ledger, lock } = opened.value;
  const binding = openBinding(directory, settings, vault);
  if (!binding.ok) {
    opened.value.close();
    return binding;
  }
  const { policy, apiDomain } = settings;
  // The practice gateway has another address at every start and is always the same.
  const bound = practice ? ok(undefined) : ledger.bind(binding.value.identity, clock.nowMs());
  if (!bound.ok) {
    opened.value.close();
    return bound;
  }
  const dispatcher = createDispatcher({
    origin: apiDomain,
    connections: 2 * CONCURRENCY + SALE_CONNECTIONS,
    connectTimeoutMs: policy.connectTimeoutMs,
    replyTimeoutMs: Math.max(policy.payTimeoutMs, policy.callTimeoutMs),
  });
  const terminal = new Terminal({
    settings,
    practice,
    ledger,
    binding: binding.value,
    dispatcher,
    clock,
    timers: systemTimers,
    random: systemRandom,
    log,
    concurrency: CONCURRENCY,
    osInfo: machine.osInfo,
    version: machine.version,
    nodeVersion: machine.nodeVersion,
    directory,
    checkWorkerFile,
  });
  const stop = async (drainMs: number): Promise<void> => {
    await terminal.stop(drainMs);
    lock.release();
  };
  return ok({ terminal, settings, stop });
}
