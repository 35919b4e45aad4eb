import {
  databaseFailure,
  engineVersionOf,
  openDatabase,
  sizeBytesOf,
  type DatabaseHandle,
  type Migration,
} from '../database/open.ts';
import { invariant } from '../../shared/assert.ts';
import { failure, type Failure } from '../../shared/errors.ts';
import type { Alert, Effect, RefusalCode } from '../../shared/order/effect.ts';
import {
  EVENT_VERSION,
  type CollectRequested,
  type OrderEvent,
  type Stamp,
} from '../../shared/order/event.ts';
import { isUndecided, type Order } from '../../shared/order/order.ts';
import type { Policy } from '../../shared/order/policy.ts';
import { laterDuplicates } from '../../shared/order/sale.ts';
import { transition } from '../../shared/order/transition.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import {
  firstBrokenSeq,
  hashAt,
  Journal,
  type JournalBody,
  type JournaledEvent,
  type JournalEntry,
} from './journal.ts';
import { AcknowledgedMark } from './acknowledged.ts';
import { BoundIdentity, type Identity } from './identity.ts';
import { migrate0001 } from './migrations/0001-first.ts';
import { migrate0002 } from './migrations/0002-bound-identity.ts';
import { migrate0003 } from './migrations/0003-refund.ts';
import { Projections, type OrderMatch, type OwedRow, type UndecidedRow } from './projections.ts';
import { REMEMBERED_MS, ScannedCodes } from './scanned-codes.ts';
import { lastOrders, verifyLedger, type LedgerReport, type VerifyProgress } from './verify.ts';

const MIGRATIONS: readonly Migration[] = [migrate0001, migrate0002, migrate0003];

/** The schema that this version writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** An order as one commit left it, with what a person must hear about. */
export interface Change {
  readonly order: Order;
  readonly alerts: readonly Alert[];
}

/** What an event came to: every order the same transaction changed, or the refusal of a command. */
export type Applied =
  | { readonly kind: 'changed'; readonly changes: readonly Change[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

/** An event and the order that it is fed to. */
export interface AddressedEvent {
  readonly clientSn: string;
  readonly event: OrderEvent;
}

/** Every order that these changed, in the order of the journal. */
export function changesOf(applied: readonly Applied[]): readonly Change[] {
  return applied.flatMap((each) => (each.kind === 'changed' ? each.changes : []));
}

export type CollectRefusal =
  | { readonly kind: 'code_scanned_twice'; readonly clientSn: string }
  | { readonly kind: 'sale_undecided'; readonly clientSn: string }
  | { readonly kind: 'sale_already_paid'; readonly clientSn: string };

/**
 * The durable memory of the terminal. Every change is in one transaction at synchronous=FULL: journal
 * entry, order row and outbox row together, or nothing (DESIGN section 5); changes that come together may share one.
 */
export class Ledger {
  readonly #database: DatabaseHandle;
  readonly #journal: Journal;
  readonly #projections: Projections;
  readonly #codes: ScannedCodes;
  readonly #identity: BoundIdentity;
  readonly #mark: AcknowledgedMark;
  readonly #policy: Policy;
  readonly #inTransaction: (work: () => void) => void;

  private constructor(database: DatabaseHandle, policy: Policy) {
    this.#database = database;
    this.#policy = policy;
    this.#journal = new Journal(database);
    this.#projections = new Projections(database);
    this.#codes = new ScannedCodes(database);
    this.#identity = new BoundIdentity(database);
    this.#mark = new AcknowledgedMark(database.name);
    const transaction = database.transaction((work: () => void) => work());
    this.#inTransaction = (work) => transaction.immediate(work);
  }

  /** Opens or creates the file. Damage, a full or read-only disk and newer schemas are failures. */
  static open(file: string, policy: Policy): Result<Ledger, Failure> {
    const opened = openDatabase(file, MIGRATIONS, (database) => missingFrom(database, file));
    if (!opened.ok) return opened;
    try {
      const ledger = new Ledger(opened.value, policy);
      ledger.#quickCheck();
      ledger.#recallCodes();
      return ok(ledger);
    } catch (error) {
      opened.value.close();
      // The ledger wrote every line as JSON, so one that is not was damaged on the disk.
      if (error instanceof SyntaxError) return err(failure('data_corrupt', file));
      return err(databaseFailure(error));
    }
  }

  /**
   * Records the intent to collect, unless the code was just used or the sale is guarded. When this
   * returns, the obligation is on disk.
   */
  collect(
    event: Omit<CollectRequested, 'overrides' | 'codeFingerprint'> & Stamp,
    code: string,
    override: boolean,
  ): Result<Change, CollectRefusal | Failure> {
    let outcome: Result<Change, CollectRefusal> | undefined;
    const codeFingerprint = this.#codes.fingerprint(code);
    const committed = this.#commit(() => {
      outcome = this.#collectInTransaction({ ...event, codeFingerprint }, override);
    });
    if (!committed.ok) return committed;
    invariant(outcome !== undefined, 'a committed collect has an outcome');
    // Only now: a code whose order the disk refused may be scanned again.
    if (outcome.ok) this.#codes.remember(codeFingerprint, event.clientSn, event.atMs);
    return outcome;
  }

  #collectInTransaction(
    event: Omit<CollectRequested, 'overrides'> & Stamp,
    override: boolean,
  ): Result<Change, CollectRefusal> {
    const lastUse = this.#codes.lastUse(event.codeFingerprint, event.atMs);
    if (lastUse !== null && !this.#wasNeverSent(lastUse)) {
      return err({ kind: 'code_scanned_twice', clientSn: lastUse });
    }
    const standing = this.#standingOrders(event);
    const paid = standing.find((order) => !isUndecided(order.state));
    // No word can go past this one: a second charge of a paid sale would only be given back.
    if (paid !== undefined) return err({ kind: 'sale_already_paid', clientSn: paid.clientSn });
    const [undecided] = standing;
    if (undecided !== undefined && !override) {
      return err({ kind: 'sale_undecided', clientSn: undecided.clientSn });
    }
    const overrides = standing.map((order) => order.clientSn);
    const complete = { ...event, overrides };
    const { order, effects } = transition(null, complete, this.#policy);
    return ok(this.#write(complete, order, effects));
  }

  /** A code that never left the terminal is as good as new, so a sale can be tried again once the network is back. */
  #wasNeverSent(clientSn: string): boolean {
    const order = this.#projections.order(clientSn);
    return order?.state === 'declined' && order.reason === 'not_sent';
  }

  /** Earlier orders of the sale that hold money or may. A sale nobody named has none: its name is new. */
  #standingOrders({ saleId, clientSn }: Pick<CollectRequested, 'saleId' | 'clientSn'>): Order[] {
    if (saleId === clientSn) return [];
    const orders = this.#projections.ofSale(saleId);
    return orders.filter((order) => isUndecided(order.state) || order.charged === 'yes');
  }

  /** Feeds one event to the order and commits what follows from it, for its sale as well. */
  apply(clientSn: string, event: OrderEvent): Result<Applied, Failure> {
    const applied = this.applyTogether([{ clientSn, event }]);
    if (!applied.ok) return applied;
    const [only] = applied.value;
    invariant(only !== undefined, 'each event comes to something');
    return ok(only);
  }

  /**
   * Feeds events to their orders, one after the other, and commits all of them or none: a start, a network that
   * came back, answers that came together. What each came to stands in its place.
   */
  applyTogether(events: readonly AddressedEvent[]): Result<readonly Applied[], Failure> {
    if (events.length === 0) return ok([]);
    let applied: readonly Applied[] = [];
    const committed = this.#commit(() => {
      applied = events.map((each) => this.#applyInTransaction(each));
    });
    return committed.ok ? ok(applied) : committed;
  }

  #applyInTransaction({ clientSn, event }: AddressedEvent): Applied {
    const before = this.#projections.order(clientSn);
    invariant(before !== null, 'events are only applied to orders on disk');
    const { order, effects } = transition(before, event, this.#policy);
    const refusal = effects.find((effect) => effect.type === 'refused');
    if (refusal !== undefined) return { kind: 'refused', code: refusal.code };
    if (order === before && effects.length === 0) return { kind: 'unchanged' };
    const changes = [this.#write(event, order, effects)];
    if (effects.some((effect) => effect.type === 'check_sale'))
      changes.push(...this.#reverseDuplicates(order, event));
    return { kind: 'changed', changes };
  }

  /** At most one order of a sale stays charged: later ones are given back in the same transaction. */
  #reverseDuplicates(paid: Order, stamp: Stamp): Change[] {
    const { atMs, serverOffsetMs, random, actor } = stamp;
    return laterDuplicates(this.#projections.ofSale(paid.saleId)).map(({ duplicate, first }) => {
      const event: OrderEvent = {
        type: 'duplicate_charge_found',
        otherClientSn: first.clientSn,
        atMs,
        serverOffsetMs,
        random,
        actor,
      };
      const { order, effects } = transition(duplicate, event, this.#policy);
      return this.#write(event, order, effects);
    });
  }

  #write(event: OrderEvent, order: Order, effects: readonly Effect[]): Change {
    const alerts = effects.flatMap((effect) => (effect.type === 'alert' ? [effect.alert] : []));
    const body: JournalBody = { event: journaled(event), order, alerts };
    const previousSeq = event.type === 'collect_requested' ? null : this.#projections.lastSeq(order.clientSn);
    const seq = this.#journal.append({
      clientSn: order.clientSn,
      previousSeq,
      atMs: event.atMs,
      event: event.type,
      version: EVENT_VERSION,
      body: JSON.stringify(body),
    });
    if (previousSeq === null) this.#projections.add(order, seq);
    else this.#projections.move(order, seq);
    return { order, alerts };
  }

  /**
   * Whether an identity may work with what is owed here: the one that it is owed under, or any other once
   * nothing is. Fails with `identity_changed`. A null number is one that an activation is still to give.
   */
  mayBind({
    protocol,
    apiDomain,
    terminalSn,
  }: Omit<Identity, 'terminalSn'> & { readonly terminalSn: string | null }): Result<void, Failure> {
    const bound = this.#identity.get();
    if (bound?.protocol === protocol && bound.apiDomain === apiDomain && bound.terminalSn === terminalSn)
      return ok(undefined);
    if (this.owedCount() === 0 && this.undecidedCount() === 0) return ok(undefined);
    // A ledger of before identities were kept spoke Upay, and names the terminal in each of its orders.
    const orders = bound === null ? [...this.undecided(), ...this.recent(1)] : [];
    const isOwn = protocol === 'upay' && orders.every((order) => order.terminalSn === terminalSn);
    if (bound === null && isOwn) return ok(undefined);
    const owner = bound === null ? '' : ` at ${bound.apiDomain} (${bound.protocol})`;
    const number = bound?.terminalSn ?? orders[0]?.terminalSn ?? 'unknown';
    return err(failure('identity_changed', `it belongs to terminal ${number}${owner}`));
  }

  /** Binds the ledger to the identity that opens it for business; commits only where that is news. */
  bind(identity: Identity, atMs: number): Result<void, Failure> {
    const allowed = this.mayBind(identity);
    if (!allowed.ok) return allowed;
    const { protocol, apiDomain, terminalSn } = identity;
    const bound = this.#identity.get();
    const isSame = bound?.protocol === protocol && bound.apiDomain === apiDomain;
    if (isSame && bound.terminalSn === terminalSn) return ok(undefined);
    return this.#commit(() => {
      this.#identity.set(identity);
      this.#append('identity_bound', atMs, { protocol, apiDomain, terminalSn });
    });
  }

  /** Records something that happened to the terminal rather than to an order, such as a check-in. */
  note(
    event: string,
    atMs: number,
    detail: Readonly<Record<string, string | number | boolean>>,
  ): Result<void, Failure> {
    return this.#commit(() => this.#append(event, atMs, detail));
  }

  #append(event: string, atMs: number, detail: Readonly<Record<string, string | number | boolean>>): void {
    this.#journal.append({
      clientSn: null,
      previousSeq: null,
      atMs,
      event,
      version: EVENT_VERSION,
      body: JSON.stringify(detail),
    });
  }

  #commit(work: () => void): Result<void, Failure> {
    try {
      this.#inTransaction(work);
      this.#markEnd();
      return ok(undefined);
    } catch (error) {
      this.#projections.forgetUncommitted();
      this.#journal.forgetUncommitted();
      return err(databaseFailure(error));
    }
  }

  /** The witness is told only of what is on disk. */
  #markEnd(): void {
    const { seq, hash } = this.#journal.end;
    if (seq > 0) this.#mark.write({ seq, hash });
  }

  order(clientSn: string): Order | null {
    return this.#projections.order(clientSn);
  }

  /** By our name or by the acquirer's, whichever the text is. */
  find(number: string): Order | null {
    return this.#projections.order(number) ?? this.#projections.bySn(number);
  }

  /** The newest orders of a day, begun at or before `untilMs` where that is given. */
  ofDay(businessDay: string, limit: number, untilMs = Number.MAX_SAFE_INTEGER): Order[] {
    return this.#projections.ofDay(businessDay, untilMs, limit);
  }

  /** Every order of a sale, on any day. */
  ofSale(saleId: string): Order[] {
    return this.#projections.ofSale(saleId);
  }

  matching(match: OrderMatch): Order[] {
    return this.#projections.matching(match);
  }

  recent(limit: number): Order[] {
    return this.#projections.recent(limit);
  }

  undecided(): Order[] {
    return this.#projections.undecided();
  }

  unfinished(limit: number): Order[] {
    return this.#projections.unfinished(limit);
  }

  undecidedAmounts(): UndecidedRow[] {
    return this.#projections.undecidedAmounts();
  }

  undecidedCount(): number {
    return this.#projections.undecidedCount();
  }

  /** What is due, apart by whether somebody may be waiting for it; at most `limit` of each. */
  due(
    atMs: number,
    limit: number,
  ): { readonly attended: readonly OwedRow[]; readonly unattended: readonly OwedRow[] } {
    return {
      attended: this.#projections.dueAttended(atMs, limit),
      unattended: this.#projections.dueUnattended(atMs, limit),
    };
  }

  owed(): OwedRow[] {
    return this.#projections.owed();
  }

  owedCount(): number {
    return this.#projections.owedCount();
  }

  nextDueAtMs(atMs: number): number | null {
    return this.#projections.nextDueAtMs(atMs);
  }

  timeline(clientSn: string): JournalEntry[] {
    const lastSeq = this.#projections.lastSeq(clientSn);
    return lastSeq === null ? [] : this.#journal.backFrom(lastSeq);
  }

  journal(): Generator<JournalEntry> {
    return this.#journal.entries();
  }

  /** Checks the file, the hash chain, and that both projections are what the journal says. */
  verify(progress?: VerifyProgress): LedgerReport {
    return verifyLedger(this.#database, this.#journal, this.#projections, progress);
  }

  /** How many entries the journal has. */
  lastSeq(): number {
    return this.#journal.lastSeq;
  }

  /** Where the ledger lies on the disk. */
  get file(): string {
    return this.#database.name;
  }

  sizeBytes(): number {
    return sizeBytesOf(this.#database);
  }

  engineVersion(): string {
    return engineVersionOf(this.#database);
  }

  /** Rebuilds `orders` and `outbox` from the journal, which must verify first. */
  rebuild(): Result<void, Failure> {
    return this.#commit(() => {
      invariant(firstBrokenSeq(this.#journal.entries()) === null, 'only an intact journal is rebuilt from');
      this.#projections.clear();
      for (const { order, seq } of lastOrders(this.#journal.entries()).values()) {
        this.#projections.add(order, seq);
      }
    });
  }

  close(): void {
    this.#mark.close();
    this.#database.close();
  }

  /** Codes scanned just before a restart are known after it. */
  #recallCodes(): void {
    const newest = this.#journal.newestSince(0).next();
    if (newest.done === true) return;
    const recent = [...this.#journal.newestSince(newest.value.atMs - REMEMBERED_MS)].toReversed();
    for (const { event: type, body } of recent) {
      if (type !== 'collect_requested') continue;
      const { event, order } = JSON.parse(body) as JournalBody;
      if (event.type !== 'collect_requested') continue;
      this.#codes.remember(event.codeFingerprint, order.clientSn, event.atMs);
    }
  }

  /** A damaged file is found before a payment starts, not in the middle of one. */
  #quickCheck(): void {
    this.#database.prepare('SELECT count(*) FROM sqlite_schema').get();
    this.#projections.owed();
    this.#projections.undecided();
    this.#projections.recent(1);
  }
}

/** An event as the journal keeps it. */
export function journaled(event: OrderEvent): JournaledEvent {
  if (event.type !== 'collect_requested') return event;
  const { type, atMs, serverOffsetMs, random, actor, codeFingerprint, overrides } = event;
  return { type, atMs, serverOffsetMs, random, actor, codeFingerprint, overrides };
}

/** An entry that was acknowledged once and is not there now, or is another one; null where nothing is missing. */
function missingFrom(database: DatabaseHandle, file: string): Failure | null {
  const mark = new AcknowledgedMark(file).read();
  if (mark === null || hashAt(database, mark.seq) === mark.hash) return null;
  return failure('data_corrupt', `entry ${mark.seq} was recorded and is not there any more`);
}
