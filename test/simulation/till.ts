import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '../../main/ledger/ledger.ts';
import { openReadOnly, type DatabaseHandle } from '../../main/database/open.ts';
import { openBinding } from '../../main/protocol-binding.ts';
import { FileTerminalKeys, storeTerminalKey } from '../../main/settings/key-store.ts';
import { PLAIN_VAULT } from '../../main/settings/vault.ts';
import type { Clock, Timers } from '../../main/shell/clock.ts';
import { steadyClock } from '../../main/shell/steady-clock.ts';
import { Terminal } from '../../main/terminal.ts';
import type { Settings } from '../../shared/settings.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { JournalLine } from '../checker/history.ts';
import { must } from '../support/must.ts';
import type { SpokenProtocol } from '../support/protocols.ts';
import type { Line, NamedCall, Sender } from './line.ts';
import type { Edge } from './plan.ts';
import type { Tally } from './tally.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Watch } from './watch.ts';
import { watchedLedger, type Owner } from './watched-ledger.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Owed calls at once in each lane, as a terminal at a counter has it. */
const CONCURRENCY = 4;
/** For how long the rest of a turn of the event loop keeps what waits for its end, in turn: others come in, people press keys. */
const BUSY_TURNS_MS = [0, 30, 0, 200];
/** A disk in memory where there is one: a run makes hundreds of commits, and each of them is synced. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** The longest that the line lets a pay travel, less than the horizon by what clocks may differ unnoticed. */
const TRAVEL_MARGIN_MS = 12_000;

/** A ledger's file as it is when new. */
export function makeLedgerTemplate(settings: Settings): {
  readonly file: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(FOLDER, 'redress-simulation-template-'));
  const file = join(folder, 'ledger.db');
  must(Ledger.open(file, settings.policy)).close();
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface TillDependencies {
  readonly time: VirtualTime;
  readonly line: Line;
  readonly watch: Watch;
  readonly tally: Tally;
  readonly note: (text: string) => void;
  readonly settings: Settings;
  readonly protocol: SpokenProtocol;
  readonly ledgerTemplate: string;
  readonly storeKeys: (directory: string) => void;
  readonly random: () => number;
  readonly startAtMs: number;
  /** For how long an approval may be on its way once the request has arrived. */
  readonly landAfterMs: number;
  /** Called where a process comes by an edge; how long it stays down where it dies there, else null. */
  readonly diesAt: (edge: Edge) => (() => void) | null;
}

/** One process of the terminal, from its start to its end. */
class Process implements Sender, Owner {
  readonly #till: Till;
  readonly #edges: (edge: Edge) => (() => void) | null;
  readonly terminal: Terminal;
  readonly ledger: Ledger;
  isAlive = true;

  constructor(till: Till, { edges }: { readonly edges: (edge: Edge) => (() => void) | null }) {
    this.#till = till;
    this.#edges = edges;
    const { time, line, watch, settings, random } = till.deps;
    this.ledger = must(Ledger.open(till.ledgerFile, settings.policy));
    const ledger = watchedLedger(this.ledger, this, watch);
    const clock = steadyClock(till.clock);
    const binding = must(openBinding(till.directory, settings, PLAIN_VAULT));
    let turns = 0;
    const timers: Timers = {
      after: (ms, run) =>
        time.after(ms, () => {
          if (this.isAlive) run();
        }),
      soon: (run) => {
        turns += 1;
        void timers.after(BUSY_TURNS_MS[turns % BUSY_TURNS_MS.length] ?? 0, run);
      },
    };
    must(this.ledger.bind(binding.identity, clock.nowMs()));
    this.terminal = new Terminal({
      settings,
      practice: false,
      ledger,
      binding,
      dispatcher: line.dispatcherFor(this),
      clock,
      timers,
      random,
      log: SILENT,
      concurrency: CONCURRENCY,
      osInfo: 'simulated',
      version: '0.0.0',
      nodeVersion: '0.0.0',
      directory: till.directory,
      checkWorkerFile: '',
    });
  }

  passes(edge: Edge): boolean {
    if (!this.isAlive) return true;
    const dies = this.#edges(edge);
    if (dies === null) return false;
    dies();
    return true;
  }

  refusal(): ErrorCode | null {
    return this.#till.isDiskFull ? 'data_full' : null;
  }

  readonly nameOf = (path: string, body: Uint8Array): NamedCall | null => {
    const { protocol, watch } = this.#till.deps;
    const call = protocol.callAt(path);
    if (call === undefined) return null;
    const members = JSON.parse(Buffer.from(body).toString('utf8')) as Readonly<Record<string, string>>;
    const number = members[protocol.names.clientSn] ?? members[protocol.names.sn];
    if (number === undefined) return null;
    return { call, clientSn: watch.find(number)?.clientSn ?? number };
  };

  readonly mayTravelMs = (clientSn: string): number => {
    const { time, settings, landAfterMs } = this.#till.deps;
    const collectedMs = this.#till.collectedAtMs.get(clientSn) ?? time.nowMs;
    const ageMs = time.nowMs - collectedMs;
    return Math.max(10, settings.policy.inFlightHorizonMs - landAfterMs - ageMs - TRAVEL_MARGIN_MS);
  };

  onLeaves(named: NamedCall): void {
    this.#till.deps.watch.leaves(named);
  }

  onEnded(named: NamedCall): void {
    this.#till.deps.watch.ended(named);
  }
}

/** The machine at the counter: a clock that people set, a disk that outlives processes, and one process at a time. */
export class Till {
  readonly deps: TillDependencies;
  readonly directory: string;
  readonly ledgerFile: string;
  readonly collectedAtMs = new Map<string, number>();
  isDiskFull = false;
  #clockOffsetMs = 0;
  #process: Process | null = null;
  #reader: DatabaseHandle | null = null;
  #newestSeq: (() => number) | null = null;
  /** Ended processes whose files are closed once whatever they had begun has run out. */
  readonly #ghosts: Process[] = [];

  constructor(dependencies: TillDependencies) {
    this.deps = dependencies;
    this.directory = mkdtempSync(join(FOLDER, 'redress-simulation-'));
    this.ledgerFile = join(this.directory, 'ledger.db');
    copyFileSync(dependencies.ledgerTemplate, this.ledgerFile);
    dependencies.storeKeys(this.directory);
  }

  readonly clock: Clock = {
    nowMs: () => Math.round(this.deps.startAtMs + this.deps.time.nowMs + this.#clockOffsetMs),
    monotonicMs: () => this.deps.time.nowMs,
  };

  get terminal(): Terminal | null {
    return this.#process?.isAlive === true ? this.#process.terminal : null;
  }

  /** Null while no process works. */
  get ledger(): Ledger | null {
    return this.#process?.isAlive === true ? this.#process.ledger : null;
  }

  setClock(byMs: number): void {
    if (byMs === 0) return;
    this.#clockOffsetMs += byMs;
    this.deps.tally.fault('clock set');
    this.deps.note(`till: the clock is set by ${byMs} ms`);
  }

  /** Sets the clock right, as a person or a daemon does in the end. */
  correctClock(): void {
    this.setClock(-this.#clockOffsetMs);
  }

  start(): void {
    if (this.terminal !== null) return;
    this.buryGhosts();
    this.deps.watch.processStarted();
    const started = new Process(this, { edges: this.deps.diesAt });
    this.#process = started;
    this.#open();
    const { problems } = started.ledger.verify();
    if (problems.length > 0) this.deps.watch.fail(`the ledger does not verify: ${problems.join('; ')}`);
    this.deps.note('till: the process starts');
    started.terminal.start();
    void started.terminal.ready();
  }

  /** The process ends without a word. */
  die(): void {
    const ended = this.#process;
    if (ended === null || !ended.isAlive) return;
    this.#end(ended);
    this.deps.tally.counts.deaths += 1;
    this.deps.note('till: the process is dead');
  }

  #end(ended: Process): void {
    ended.isAlive = false;
    this.#ghosts.push(ended);
  }

  /** The process ends as a person asks it to. */
  async stop(drainMs: number): Promise<void> {
    const ended = this.#process;
    if (ended === null || !ended.isAlive) return;
    await ended.terminal.stop(drainMs);
    ended.isAlive = false;
  }

  /** Closes the files of dead processes; nothing of them may be running any more. */
  buryGhosts(): void {
    for (const ghost of this.#ghosts.splice(0)) ghost.ledger.close();
  }

  /** What another connection reads in the file, as a power cut would leave it. */
  committedSeq(): number {
    return this.#newestSeq?.() ?? 0;
  }

  /** Somebody from IT gives the terminal the key that the acquirer has for it. */
  giveKey(terminalSn: string, key: string): void {
    must(storeTerminalKey(this.directory, terminalSn, key));
  }

  /** The keys that an Upay terminal holds. */
  keys(terminalSn: string): readonly (string | null)[] {
    const keys = must(FileTerminalKeys.open(this.directory, { terminalSn, deviceId: 'simulated' }));
    return [keys.current(), keys.previous()];
  }

  journal(): readonly JournalLine[] {
    const { ledger } = this;
    if (ledger === null) return [];
    return [...ledger.journal()].map(({ body, hash, ...entry }) => ({
      ...entry,
      body: JSON.parse(body) as unknown,
      hash: hash.toString('hex'),
    }));
  }

  remove(): void {
    if (this.#process?.isAlive === true) this.#end(this.#process);
    this.buryGhosts();
    this.#reader?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #open(): void {
    if (this.#reader !== null) return;
    // Kept open for the whole run, so that no end of a process is the file's last and tidies its log away.
    const reader = must(openReadOnly(this.ledgerFile));
    const newest = reader.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM journal');
    this.#reader = reader;
    this.#newestSeq = () => newest.get()?.seq ?? 0;
  }
}
