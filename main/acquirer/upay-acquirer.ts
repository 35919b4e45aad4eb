import { invariant } from '../../shared/assert.ts';
import { Calendar } from '../../shared/business-day.ts';
import type { Order } from '../../shared/order/order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';
import {
  isIllegalSign,
  payOutcome,
  queryOutcome,
  refundOutcome,
  reversalOutcome,
} from '../../shared/protocol/upay/outcome.ts';
import { credentialsOf } from '../../shared/protocol/upay/reply.ts';
import {
  cancelRequest,
  checkinRequest,
  payRequest,
  queryRequest,
  refundRequest,
  revokeRequest,
  type UpayCall,
} from '../../shared/protocol/upay/requests.ts';
import type { Timers } from '../shell/clock.ts';
import type { Acquirer } from './acquirer.ts';
import { withoutCode } from './echoed-code.ts';
import { bodyOf } from './request-body.ts';
import type { ServerClock } from './server-clock.ts';
import type { TerminalKeys } from './terminal-keys.ts';
import { probe } from './probe.ts';
import type { Dispatcher } from './transport.ts';
import { keyRefusalCode, signedExchange, type Received } from './upay-exchange.ts';

/** After a check-in that failed, trades go on with the key there is, and it is tried again this much later. */
const CHECKIN_RETRY_MS = 60_000;

export interface UpayAcquirerDependencies {
  readonly dispatcher: Dispatcher;
  readonly keys: TerminalKeys;
  readonly serverClock: ServerClock;
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
  readonly timeZone: string;
  readonly checkinTimeoutMs: number;
  readonly osInfo: string;
  readonly sdkVersion: string;
  /** Told of every check-in, so that the journal shows it and calls that waited for a key go on. */
  readonly onCheckin: (report: CheckinReport) => void;
}

export type CheckinReport =
  | { readonly ok: true; readonly businessDay: string; readonly isStored: boolean }
  | { readonly ok: false; readonly code: string };

/**
 * Speaks Upay v2 (upay.md). A request is serialised once; those bytes are signed at send time with the
 * key there is then, and sent. A signature fault is repaired here, because a request refused with
 * ILLEGAL_SIGN was not executed and may be signed again, even a pay (upay.md 4.6).
 */
export class UpayAcquirer implements Acquirer {
  readonly #deps: UpayAcquirerDependencies;
  readonly #calendar: Calendar;
  #checkinInFlight: Promise<CheckinReport> | null = null;
  #checkinFailedAtMs: number | null = null;

  constructor(dependencies: UpayAcquirerDependencies) {
    this.#deps = dependencies;
    this.#calendar = new Calendar(dependencies.timeZone);
  }

  async pay(order: Order, code: string, signal: AbortSignal): Promise<PayOutcome> {
    const { clientSn, amountMinor, subject, operator } = order;
    const { terminalSn } = this.#deps.keys;
    const request = payRequest({ terminalSn, clientSn, amountMinor, subject, operator, dynamicId: code });
    const received = await this.#call('pay', request, signal);
    const outcome = received.kind === 'envelope' ? payOutcome(received.reply, order) : received;
    return { ...outcome, evidence: withoutCode(outcome.evidence, code) };
  }

  async query(order: Order, signal: AbortSignal): Promise<QueryOutcome> {
    const received = await this.#call('query', queryRequest(this.#deps.keys.terminalSn, order), signal);
    return received.kind === 'envelope' ? queryOutcome(received.reply, order) : received;
  }

  async cancel(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    const received = await this.#call('cancel', cancelRequest(this.#deps.keys.terminalSn, order), signal);
    return received.kind === 'envelope' ? reversalOutcome(received.reply, order) : received;
  }

  async revoke(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    const received = await this.#call('revoke', revokeRequest(this.#deps.keys.terminalSn, order), signal);
    return received.kind === 'envelope' ? reversalOutcome(received.reply, order) : received;
  }

  async refund(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    const { terminalSn } = this.#deps.keys;
    const { refund, amountMinor, operator } = order;
    invariant(refund !== null, 'a refund that is owed has its id');
    const request = refundRequest(terminalSn, order, { requestNo: refund.requestId, amountMinor, operator });
    const received = await this.#call('refund', request, signal);
    return received.kind === 'envelope' ? refundOutcome(received.reply, order) : received;
  }

  probe(signal: AbortSignal): Promise<boolean> {
    return probe(this.#deps, signal);
  }

  /** Rotates the key now; at most one check-in is ever under way, because two would undo each other. */
  checkin(): Promise<CheckinReport> {
    this.#checkinInFlight ??= this.#runCheckin().finally(() => {
      this.#checkinInFlight = null;
    });
    return this.#checkinInFlight;
  }

  async #call(call: UpayCall, request: object, signal: AbortSignal): Promise<Received> {
    await unlessCut(this.#checkinForToday(), signal);
    const body = bodyOf(request);
    const { keys } = this.#deps;
    if (!keys.isStored()) keys.store();
    const signedWith = keys.current();
    const first = await this.#send(call, body, signedWith, signal);
    if (!isSignatureRefused(first)) return first;

    // Another call may have checked in meanwhile: then the other key is the new one.
    const otherKey = keys.current() === signedWith ? keys.previous() : keys.current();
    if (otherKey !== null) {
      const second = await this.#send(call, body, otherKey, signal);
      if (!isSignatureRefused(second)) return second;
    }
    if (signal.aborted || (await unlessCut(this.checkin(), signal))?.ok !== true) return first;
    return this.#send(call, body, keys.current(), signal);
  }

  async #checkinForToday(): Promise<void> {
    const { keys, clock } = this.#deps;
    if (keys.checkedInDay() === this.#businessDay()) return;
    const failedAtMs = this.#checkinInFlight === null ? this.#checkinFailedAtMs : null;
    const sinceMs = failedAtMs === null ? Infinity : clock.nowMs() - failedAtMs;
    // A negative time means that the clock was set back: nothing is known of how long it has been.
    if (sinceMs >= 0 && sinceMs < CHECKIN_RETRY_MS) return;
    await this.checkin();
  }

  /** With the current key, then with the one before it: the answer to the last check-in may have been lost. */
  async #runCheckin(): Promise<CheckinReport> {
    const { keys, timers, checkinTimeoutMs, onCheckin, clock, osInfo, sdkVersion } = this.#deps;
    // Counted as failed until it has succeeded, so that whatever goes wrong does not repeat at once.
    this.#checkinFailedAtMs = clock.nowMs();
    if (!keys.isStored() && !keys.store().ok) {
      // Another key would push the one that only memory holds out of the acquirer's reach.
      const report: CheckinReport = { ok: false, code: 'local/key_not_stored' };
      onCheckin(report);
      return report;
    }
    const { terminalSn, deviceId } = keys;
    const request = checkinRequest({ terminalSn, deviceId, osInfo, sdkVersion });
    const body = bodyOf(request);
    const abort = new AbortController();
    const cancelTimer = timers.after(checkinTimeoutMs, () => abort.abort());
    try {
      let received = await this.#send('checkin', body, keys.current(), abort.signal);
      const otherKey = keys.previous();
      if (isSignatureRefused(received) && otherKey !== null) {
        received = await this.#send('checkin', body, otherKey, abort.signal);
      }
      const report = this.#storeNewKey(received);
      if (report.ok) this.#checkinFailedAtMs = null;
      onCheckin(report);
      return report;
    } finally {
      cancelTimer();
    }
  }

  #storeNewKey(received: Received): CheckinReport {
    if (received.kind !== 'envelope') return { ok: false, code: received.evidence.code };
    const { reply } = received;
    const credentials = credentialsOf(reply);
    if (credentials === undefined || credentials.terminalSn !== this.#deps.keys.terminalSn) {
      return { ok: false, code: keyRefusalCode(reply) };
    }
    const businessDay = this.#businessDay();
    const stored = this.#deps.keys.rotate(credentials.terminalKey, businessDay);
    return { ok: true, businessDay, isStored: stored.ok };
  }

  async #send(call: UpayCall, body: Uint8Array, key: string, signal: AbortSignal): Promise<Received> {
    const { dispatcher, keys, serverClock, clock } = this.#deps;
    const sn = keys.terminalSn;
    const received = await signedExchange(dispatcher, { call, sn, key, body }, signal);
    if (received.kind === 'envelope') serverClock.learn(received.date, clock.nowMs());
    return received;
  }

  #businessDay(): string {
    const { clock, serverClock } = this.#deps;
    return this.#calendar.dayOf(clock.nowMs() + (serverClock.offsetMs ?? 0));
  }
}

/** A check-in outlives the call that began it; the call itself still ends when it is cut. */
function unlessCut<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const cut = (): void => resolve(null);
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cut));
  });
}

function isSignatureRefused(received: Received): boolean {
  return received.kind === 'envelope' && isIllegalSign(received.reply);
}
