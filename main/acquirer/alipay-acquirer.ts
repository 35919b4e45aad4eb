import { invariant } from '../../shared/assert.ts';
import { Calendar } from '../../shared/business-day.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Order } from '../../shared/order/order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';
import type { AlipayCall, Dialect } from '../../shared/protocol/alipay/dialect.ts';
import { requestTime, type RequestTimeFormat } from '../../shared/protocol/alipay/request-time.ts';
import type { Result } from '../../shared/result.ts';
import type { ClientKeys } from '../settings/client-keys.ts';
import type { Acquirer } from './acquirer.ts';
import { alipayExchange, DOCUMENTED_STATUS, type AlipayReceived } from './alipay-exchange.ts';
import { withoutCode } from './echoed-code.ts';
import { probe } from './probe.ts';
import { bodyOf } from './request-body.ts';
import type { ServerClock } from './server-clock.ts';
import type { Dispatcher } from './transport.ts';

export interface AlipayAcquirerDependencies {
  readonly dialect: Dialect;
  readonly client: {
    readonly clientId: string;
    readonly keyVersion: string;
    readonly requestTime: RequestTimeFormat;
  };
  /** Takes the stored keys out of their texts; asked once. */
  readonly importKeys: () => Promise<Result<ClientKeys, Failure>>;
  readonly dispatcher: Dispatcher;
  readonly serverClock: ServerClock;
  readonly clock: { nowMs(): number };
  readonly timeZone: string;
  /** From pay sent until the acquirer itself must give a payment up. */
  readonly payExpiryMs: number;
  /** The acquirer understands this terminal again, after it did not; calls that waited for that go on. */
  readonly onUnderstood: () => void;
}

/** The code of a call that could not be signed, and so was not sent. */
const UNUSABLE_KEYS = 'local/keys_unusable';

type Answered = Extract<AlipayReceived, { kind: 'reply' }>;

/**
 * Speaks the RSA protocols through their dialect (alipayplus.md). A request is serialised once; those bytes
 * are signed at send time, for the time the acquirer's clock shows, because it refuses what is minutes off.
 */
export class AlipayAcquirer implements Acquirer {
  readonly #deps: AlipayAcquirerDependencies;
  readonly #calendar: Calendar;
  #keys: Promise<Result<ClientKeys, Failure>> | null = null;
  #isMisunderstood = false;

  constructor(dependencies: AlipayAcquirerDependencies) {
    this.#deps = dependencies;
    this.#calendar = new Calendar(dependencies.timeZone);
  }

  async pay(order: Order, code: string, signal: AbortSignal): Promise<PayOutcome> {
    const { dialect, payExpiryMs } = this.#deps;
    const nowMs = this.#acquirerNowMs();
    const times = {
      time: requestTime(nowMs, 'iso-offset', this.#calendar),
      expiry: requestTime(nowMs + payExpiryMs, 'iso-offset', this.#calendar),
    };
    const outcome = await this.#ask('pay', dialect.payRequest(order, code, times), signal, (answered) =>
      dialect.payOutcome(answered.reply, order, answered),
    );
    return { ...outcome, evidence: withoutCode(outcome.evidence, code) };
  }

  query(order: Order, signal: AbortSignal): Promise<QueryOutcome> {
    const { dialect } = this.#deps;
    return this.#ask('inquiry', dialect.inquiryRequest(order), signal, (answered) =>
      dialect.queryOutcome(answered.reply, order, answered),
    );
  }

  cancel(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    const { dialect } = this.#deps;
    return this.#ask('cancel', dialect.cancelRequest(order), signal, (answered) =>
      dialect.cancelOutcome(answered.reply, order, answered),
    );
  }

  /** These protocols have one call for both: it takes a payment back whatever its state (alipayplus.md 4.3). */
  revoke(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    return this.cancel(order, signal);
  }

  refund(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    const { dialect } = this.#deps;
    invariant(order.refund !== null, 'a refund that is owed has its id');
    const { requestId } = order.refund;
    return this.#ask('refund', dialect.refundRequest(order, requestId), signal, (answered) =>
      dialect.refundOutcome(answered.reply, order, requestId, answered),
    );
  }

  probe(signal: AbortSignal): Promise<boolean> {
    return probe(this.#deps, signal);
  }

  async #ask<Outcome extends PayOutcome | QueryOutcome | ReversalOutcome>(
    call: AlipayCall,
    request: object,
    signal: AbortSignal,
    read: (answered: Answered) => Outcome,
  ): Promise<Outcome | Exclude<AlipayReceived, Answered>> {
    const received = await this.#send(call, request, signal);
    if (received.kind !== 'reply') return received;
    const outcome = read(received);
    this.#noteUnderstanding(outcome, received.authentic);
    if (received.status === DOCUMENTED_STATUS) return outcome;
    // Else a failed gateway would look like one that signs nothing.
    const code = `http_${received.status}/${outcome.evidence.code}`;
    return { ...outcome, evidence: { ...outcome.evidence, code } };
  }

  async #send(call: AlipayCall, request: object, signal: AbortSignal): Promise<AlipayReceived> {
    const { client, dialect, dispatcher, serverClock, clock } = this.#deps;
    this.#keys ??= this.#deps.importKeys();
    const keys = await this.#keys;
    // Not a matter of the network, so no returning network must send it again.
    if (!keys.ok) return { kind: 'config', evidence: { code: UNUSABLE_KEYS } };
    const { clientId, keyVersion } = client;
    const time = requestTime(this.#acquirerNowMs(), client.requestTime, this.#calendar);
    const signed = { path: dialect.paths[call], clientId, keyVersion, time, body: bodyOf(request) };
    const { received, date } = await alipayExchange(dispatcher, keys.value, signed, signal);
    serverClock.learn(date, clock.nowMs());
    return received;
  }

  /**
   * No check-in tells that a fault of key or contract is mended; the first call that is carried out does. One
   * that came too soon was not looked at.
   */
  #noteUnderstanding({ kind }: PayOutcome | QueryOutcome | ReversalOutcome, authentic: boolean): void {
    if (kind === 'config' || kind === 'config_unverified') {
      this.#isMisunderstood = true;
    } else if (authentic && kind !== 'throttled' && this.#isMisunderstood) {
      this.#isMisunderstood = false;
      this.#deps.onUnderstood();
    }
  }

  #acquirerNowMs(): number {
    const { clock, serverClock } = this.#deps;
    return clock.nowMs() + (serverClock.offsetMs ?? 0);
  }
}
