import { INTERRUPTED, TIMED_OUT, type Acquirer } from '../../main/acquirer/acquirer.ts';
import type { Call, Order } from '../../shared/order/order.ts';
import type { Evidence, PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';

type Outcome = PayOutcome | QueryOutcome | ReversalOutcome;

/** One call on the fake wire; it stays there until the test answers or the terminal cuts it. */
export interface WireCall {
  readonly call: Call;
  readonly clientSn: string;
  readonly code: string | null;
  readonly atMs: number;
  readonly signal: AbortSignal;
  readonly isOpen: () => boolean;
  answer(kind: Outcome['kind'], evidence?: Partial<Evidence>): void;
  /** Ends the call as a bug in the client would. */
  fail(error: Error): void;
}

export interface Probe {
  readonly atMs: number;
  readonly signal: AbortSignal;
  answer(reached: boolean): void;
}

/** An acquirer whose every answer is written by the test, at the instant the test chooses. */
export class FakeAcquirer implements Acquirer {
  readonly calls: WireCall[] = [];
  readonly probes: Probe[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  pay(order: Order, code: string, signal: AbortSignal): Promise<PayOutcome> {
    return this.#put<PayOutcome>('pay', order, code, signal);
  }

  query(order: Order, signal: AbortSignal): Promise<QueryOutcome> {
    return this.#put<QueryOutcome>('query', order, null, signal);
  }

  cancel(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    return this.#put<ReversalOutcome>('cancel', order, null, signal);
  }

  revoke(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    return this.#put<ReversalOutcome>('revoke', order, null, signal);
  }

  refund(order: Order, signal: AbortSignal): Promise<ReversalOutcome> {
    return this.#put<ReversalOutcome>('refund', order, null, signal);
  }

  probe(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(false));
      this.probes.push({ atMs: this.#nowMs(), signal, answer: resolve });
    });
  }

  /** What is on the wire now. */
  open(): readonly WireCall[] {
    return this.calls.filter((call) => call.isOpen());
  }

  /** The only call on the wire. */
  only(): WireCall {
    const [call, ...others] = this.open();
    if (call === undefined || others.length > 0) throw new Error(`${this.open().length} calls are open`);
    return call;
  }

  names(): readonly string[] {
    return this.calls.map((call) => call.call);
  }

  #put<Answered extends Outcome>(
    call: Call,
    order: Order,
    code: string | null,
    signal: AbortSignal,
  ): Promise<Answered> {
    return new Promise((resolve, reject) => {
      let isOpen = true;
      const end = (outcome: Outcome): void => {
        isOpen = false;
        // The test answers a pay with a pay's outcome; a wrong one is the test's own mistake.
        resolve(outcome as Answered);
      };
      const cut = (): void => {
        const reason = signal.reason === INTERRUPTED ? INTERRUPTED : TIMED_OUT;
        end({ kind: 'unknown', evidence: { code: reason } });
      };
      signal.addEventListener('abort', cut);
      this.calls.push({
        call,
        clientSn: order.clientSn,
        code,
        atMs: this.#nowMs(),
        signal,
        isOpen: () => isOpen,
        answer: (kind, evidence = {}) => end({ kind, evidence: { code: `test/${kind}`, ...evidence } }),
        fail(error) {
          isOpen = false;
          reject(error);
        },
      });
    });
  }
}
