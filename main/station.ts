import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isCallName, STATION_CALL_NAMES, type StationCallName } from '../shared/call-names.ts';
import type {
  Answer,
  CallResult,
  ConnectionTest,
  Push,
  Standing,
  TerminalReport,
} from '../shared/contract.ts';
import { failure, type Failure } from '../shared/errors.ts';
import type { Actor } from '../shared/order/event.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { runCall, type Handlers } from './contract-calls.ts';
import type { StandingCause, StandingListener, Station } from './hosted-terminal.ts';
import { openTerminal, type RunningTerminal } from './open-terminal.ts';
import { startPractice, type LaunchGateway, type Practice } from './practice.ts';
import { findProvisioningFile, provision, type MachineSuggestion } from './provisioning.ts';
import { refusedAnswer } from './refused-answer.ts';
import { makeDirectory } from './settings/files.ts';
import { FileTerminalKeys } from './settings/key-store.ts';
import { loadSettings } from './settings/settings-store.ts';
import type { OpenVault, Vault } from './settings/vault.ts';
import type { Timers } from './shell/clock.ts';
import type { Log } from './shell/log.ts';
import { createStationHandlers } from './station-calls.ts';

export interface StationOptions {
  readonly directory: string;
  readonly log: Log;
  readonly timers: Timers;
  readonly version: string;
  readonly openVault: OpenVault;
  /** The built file of the thread that checks a ledger. */
  readonly checkWorkerFile: string;
  readonly launchGateway: LaunchGateway;
  /** Where a provisioning file may lie. */
  readonly provisioningFiles: readonly string[];
  readonly suggest: () => MachineSuggestion;
  readonly testConnection: (apiDomain: string) => Promise<Result<ConnectionTest, Failure>>;
  /** Bundles what is in a data directory, and what its terminal says of itself where one runs. */
  readonly writeDiagnostics: (
    directory: string,
    live: TerminalReport | null,
  ) => Promise<Result<CallResult<'diagnostics.write'>, Failure>>;
}

/** What is open now. */
interface Opened {
  readonly running: RunningTerminal;
  readonly practice: Practice | null;
  readonly unsubscribe: () => void;
}

/** A halted station tries again after these waits, the last one for ever. */
const RETRIES_MS = [2000, 5000, 10_000, 30_000, 60_000] as const;
/** Practice has nothing to lose; what is on its way may take this long. */
const PRACTICE_DRAIN_MS = 500;

/** The real terminal, a practising one, or a problem; and the way from one to another. */
export class TerminalStation implements Station {
  readonly #options: StationOptions;
  readonly #handlers: Handlers<StationCallName>;
  readonly #listeners = new Set<(push: Push) => void>();
  readonly #standingListeners = new Set<StandingListener>();
  #opened: Opened | null = null;
  #problem: Failure | null = null;
  #tries = 0;
  /** Why the next change of standing comes. */
  #cause: StandingCause = 'opened';
  #cancelRetry: () => void = () => undefined;
  /** One opening at a time; whoever comes meanwhile is given its outcome. */
  #opening: Promise<Result<void, Failure>> | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: StationOptions) {
    this.#options = options;
    const { directory, version, timers, openVault, suggest, testConnection } = options;
    this.#handlers = createStationHandlers({
      directory,
      version,
      timers,
      openVault,
      suggest,
      testConnection,
      writeDiagnostics: () => this.#writeDiagnostics(),
      station: this,
    });
  }

  get standing(): Standing {
    if (this.#opened === null) return 'halted';
    return this.#opened.practice === null ? 'running' : 'practice';
  }

  /** Why it is halted; null while it works. */
  get problem(): Failure | null {
    return this.#problem;
  }

  /** Where the practice gateway listens; null outside practice. */
  get practiceGatewayUrl(): string | null {
    return this.#opened?.practice?.gatewayUrl ?? null;
  }

  start(): Promise<Result<void, Failure>> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async restart(): Promise<Result<void, Failure>> {
    await this.#opening;
    await this.#close(PRACTICE_DRAIN_MS);
    this.#cause = 'set_up';
    const started = await this.start();
    this.#cause = 'opened';
    return started;
  }

  async call(name: string, args: unknown, actor: Actor): Promise<Answer<unknown>> {
    if (this.#stopped !== null) return refusedAnswer(failure('stopping'));
    if (isStationCall(name)) {
      const result = await runCall(this.#handlers, name, args, actor);
      return result.ok ? result : refusedAnswer(result.error);
    }
    if (!isCallName(name)) return refusedAnswer(failure('call_unknown'));
    if (this.#opened === null) return refusedAnswer(this.#problem ?? failure('stopping'));
    return this.#opened.running.terminal.call(name, args, actor);
  }

  subscribe(listener: (push: Push) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onStanding(listener: StandingListener): () => void {
    this.#standingListeners.add(listener);
    return () => this.#standingListeners.delete(listener);
  }

  isQuiet(): boolean {
    return this.#opening === null && (this.#opened?.running.terminal.isQuiet() ?? true);
  }

  wake(): void {
    this.#opened?.running.terminal.wake();
    // What halted it may be over as well, the network for instance.
    if (this.#opened === null && this.#problem !== null && this.#stopped === null) void this.start();
  }

  stop(drainMs: number): Promise<void> {
    this.#stopped ??= this.#stop(drainMs);
    return this.#stopped;
  }

  async #stop(drainMs: number): Promise<void> {
    this.#cancelRetry();
    await this.#opening;
    await this.#close(drainMs);
  }

  async #close(drainMs: number): Promise<void> {
    this.#cancelRetry();
    const opened = this.#opened;
    this.#opened = null;
    if (opened === null) return;
    opened.unsubscribe();
    await opened.running.stop(drainMs);
    opened.practice?.stop();
  }

  async #open(): Promise<Result<void, Failure>> {
    this.#cancelRetry();
    if (this.#opened !== null) return ok(undefined);
    const opened = await this.#openAny();
    if (!opened.ok) {
      this.#halt(opened.error);
      return opened;
    }
    const { running, practice } = opened.value;
    const { terminal } = running;
    this.#tries = 0;
    this.#problem = null;
    terminal.start();
    void terminal.ready();
    const unsubscribe = terminal.subscribe((push) => this.#push(push));
    this.#opened = { running, practice, unsubscribe };
    // Screens that were open before belong to another terminal until they are told everything anew.
    if (this.#listeners.size > 0) this.#push({ type: 'snapshot', snapshot: terminal.snapshot() });
    this.#tellStanding();
    return ok(undefined);
  }

  async #openAny(): Promise<Result<Omit<Opened, 'unsubscribe'>, Failure>> {
    const { directory, openVault } = this.#options;
    const made = makeDirectory(directory);
    if (!made.ok) return made;
    const file = findProvisioningFile(this.#options.provisioningFiles);
    const isSetUp = existsSync(join(directory, 'settings.json'));
    const isFresh = !isSetUp && !existsSync(join(directory, 'ledger.db'));
    if (isFresh && file === null) return this.#openPractice();
    // A real ledger whose settings are gone may owe money; practice would hide that.
    if (!isSetUp && file === null)
      return err(failure('not_configured', 'there is a ledger without settings'));
    const vault = await openVault(directory);
    if (!vault.ok) return vault;
    const provisioned = file === null ? ok(undefined) : await this.#provision(file, vault.value);
    if (!provisioned.ok) return provisioned;
    const running = this.#openDirectory(directory, false, vault.value);
    return running.ok ? ok({ running: running.value, practice: null }) : running;
  }

  /** A terminal that has its settings and its key is not set up again, whatever file lies there. */
  async #provision(file: string, vault: Vault): Promise<Result<void, Failure>> {
    const { directory, timers, suggest, log } = this.#options;
    const settings = loadSettings(directory);
    if (!settings.ok) return settings;
    const { value } = settings;
    if (value !== null && FileTerminalKeys.open(directory, value.terminal, vault).ok) {
      log.warn(
        { file },
        'a provisioning file lies beside a terminal that is set up; remove it, it may hold a key',
      );
      return ok(undefined);
    }
    log.info({ file }, 'setting up from a provisioning file');
    const provisioned = await provision(directory, file, { vault, timers, suggestion: suggest() });
    if (!provisioned.ok) return provisioned;
    const { terminalSn, isFileRemoved } = provisioned.value;
    log.info({ terminalSn }, 'set up from a provisioning file');
    if (!isFileRemoved) log.warn({ file }, 'the provisioning file could not be removed and holds a key');
    return ok(undefined);
  }

  async #openPractice(): Promise<Result<Omit<Opened, 'unsubscribe'>, Failure>> {
    const { directory, launchGateway } = this.#options;
    const practice = await startPractice(join(directory, 'practice'), launchGateway);
    if (!practice.ok) return practice;
    const running = this.#openDirectory(practice.value.directory, true);
    if (running.ok) return ok({ running: running.value, practice: practice.value });
    practice.value.stop();
    return running;
  }

  #openDirectory(directory: string, practice: boolean, vault?: Vault): Result<RunningTerminal, Failure> {
    const { log, checkWorkerFile } = this.#options;
    return openTerminal({
      directory,
      log,
      practice,
      checkWorkerFile,
      ...(vault === undefined ? {} : { vault }),
    });
  }

  /** Practice is reported of its own directory, with its own orders. */
  #writeDiagnostics(): Promise<Result<CallResult<'diagnostics.write'>, Failure>> {
    const report = this.#opened?.running.terminal.report() ?? null;
    return this.#options.writeDiagnostics(report?.dataDirectory ?? this.#options.directory, report);
  }

  #halt(problem: Failure): void {
    const waitMs = RETRIES_MS[Math.min(this.#tries, RETRIES_MS.length - 1)] ?? 0;
    const isNews = this.#problem?.code !== problem.code;
    this.#tries += 1;
    this.#problem = problem;
    this.#options.log.error({ code: problem.code, detail: problem.detail, waitMs }, 'the terminal is halted');
    if (this.#stopped === null)
      this.#cancelRetry = this.#options.timers.after(waitMs, () => void this.start());
    if (isNews) this.#tellStanding();
  }

  #push(push: Push): void {
    for (const listener of this.#listeners) listener(push);
  }

  #tellStanding(): void {
    for (const listener of this.#standingListeners) listener(this.standing, this.#cause);
  }
}

function isStationCall(name: string): name is StationCallName {
  return STATION_CALL_NAMES.some((known) => known === name);
}
