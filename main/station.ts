import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCallName, isStationCallName, type StationCallName } from '../shared/call-names.ts';
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
/** A keyring that waits for a person has this long. */
const VAULT_MS = 20_000;

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
  /** A set-up under way. */
  #settingUp: Promise<unknown> | null = null;
  /** A provisioning file whose activation must not be repeated as it is, and why. */
  #spent: { readonly file: string; readonly writtenMs: number; readonly because: Failure } | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: StationOptions) {
    this.#options = options;
    const { directory, version, timers, suggest, testConnection } = options;
    this.#handlers = createStationHandlers({
      directory,
      version,
      timers,
      openVault: () => this.#openVault(),
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
    if (this.#stopped !== null) return Promise.resolve(err(failure('stopping')));
    // What is stored is being changed, and who changes it begins anew afterwards.
    if (this.#settingUp !== null) return Promise.resolve(err(this.#problem ?? failure('stopping')));
    return this.#openOnce();
  }

  #openOnce(): Promise<Result<void, Failure>> {
    this.#opening ??= this.#open()
      .catch((error: unknown) => {
        this.#options.log.error({ error }, 'the terminal met a bug while it opened');
        this.#halt(failure('bug'));
        return err(failure('bug'));
      })
      .finally(() => {
        this.#opening = null;
      });
    return this.#opening;
  }

  async setUp<Value>(work: () => Promise<Result<Value, Failure>>): Promise<Result<Value, Failure>> {
    if (this.#stopped !== null) return err(failure('stopping'));
    if (this.#settingUp !== null) return err(failure('terminal_in_use', 'set-up is under way'));
    this.#cancelRetry();
    const working = work();
    this.#settingUp = working;
    try {
      return await working;
    } finally {
      this.#settingUp = null;
      if (this.#opened === null) this.#retryIn(RETRIES_MS[0]);
    }
  }

  /** Only set-up does this, and within `setUp`. */
  async restart(): Promise<Result<void, Failure>> {
    await this.#opening;
    await this.#close(PRACTICE_DRAIN_MS);
    // What was stored by then is there at the next start of the program.
    if (this.#stopped !== null) return err(failure('stopping'));
    this.#cause = 'set_up';
    const opened = await this.#openOnce();
    this.#cause = 'opened';
    return opened;
  }

  async call(name: string, args: unknown, actor: Actor): Promise<Answer<unknown>> {
    if (this.#stopped !== null) return refusedAnswer(failure('stopping'));
    if (isStationCallName(name)) {
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
    if (this.#opening !== null || this.#settingUp !== null) return false;
    return this.#opened?.running.terminal.isQuiet() ?? true;
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
    // An activation that is under way ends with a key, which must be stored.
    await this.#settingUp?.catch(() => undefined);
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
    const { directory, provisioningFiles } = this.#options;
    const made = makeDirectory(directory);
    if (!made.ok) return made;
    const file = findProvisioningFile(provisioningFiles);
    const isThere = (name: string): boolean => existsSync(join(directory, name));
    if (!isThere('settings.json') && file === null) {
      // A real terminal whose settings are gone may owe money; practice would hide that.
      const isFresh = !isThere('ledger.db') && !isThere('secrets.json');
      return isFresh
        ? this.#openPractice()
        : err(failure('not_configured', 'the settings of this terminal are gone'));
    }
    const vault = await this.#openVault();
    if (!vault.ok) return vault;
    const provisioned = file === null ? ok(undefined) : await this.#provision(file, vault.value);
    if (!provisioned.ok) return provisioned;
    const running = this.#openDirectory(directory, false, vault.value);
    return running.ok ? ok({ running: running.value, practice: null }) : running;
  }

  /** The system may wait for a person who is not there; the terminal tries again instead. */
  async #openVault(): Promise<Result<Vault, Failure>> {
    const { directory, openVault, timers } = this.#options;
    let cancelTimer: () => void = () => undefined;
    const silence = new Promise<Result<Vault, Failure>>((resolve) => {
      cancelTimer = timers.after(VAULT_MS, () =>
        resolve(err(failure('secrets_unprotected', 'the key store does not answer'))),
      );
    });
    try {
      return await Promise.race([openVault(directory), silence]);
    } finally {
      cancelTimer();
    }
  }

  /** A terminal that has its settings and a key is not set up again, whatever file lies there. */
  async #provision(file: string, vault: Vault): Promise<Result<void, Failure>> {
    const { directory, timers, suggest, log } = this.#options;
    const settings = loadSettings(directory);
    if (!settings.ok) return settings;
    if (settings.value !== null && existsSync(join(directory, 'secrets.json'))) {
      log.warn(
        { file },
        'a provisioning file lies beside a terminal that is set up; remove it, it may hold a key',
      );
      return ok(undefined);
    }
    const writtenMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.#spent?.file === file && this.#spent.writtenMs === writtenMs) return err(this.#spent.because);
    log.info({ file }, 'setting up from a provisioning file');
    const provisioned = await provision(directory, file, { vault, timers, suggestion: suggest() });
    if (!provisioned.ok) {
      const { code } = provisioned.error;
      const isSpent = code === 'activation_refused' || code === 'activation_unanswered';
      this.#spent = isSpent ? { file, writtenMs, because: provisioned.error } : null;
      return provisioned;
    }
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
    // Where another process has the directory, the log there is its own.
    if (problem.code !== 'terminal_in_use')
      this.#options.log.error(
        { code: problem.code, detail: problem.detail, waitMs },
        'the terminal is halted',
      );
    this.#retryIn(waitMs);
    if (isNews) this.#tellStanding();
  }

  #retryIn(waitMs: number): void {
    this.#cancelRetry();
    if (this.#stopped !== null || this.#settingUp !== null) return;
    this.#cancelRetry = this.#options.timers.after(waitMs, () => void this.start());
  }

  #push(push: Push): void {
    for (const listener of this.#listeners) listener(push);
  }

  #tellStanding(): void {
    for (const listener of this.#standingListeners) listener(this.standing, this.#cause);
  }
}
