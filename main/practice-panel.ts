import { z } from 'zod';
import type { CallArgs, PracticeReport } from '../shared/contract.ts';
import { failure, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { exchange, textOf, type Dispatcher } from './acquirer/transport.ts';
import type { Timers } from './shell/clock.ts';

/** The gateway is on this machine; one that needs longer is not there. */
const TIMEOUT_MS = 5000;
const SHOWN_ORDERS = 50;

/** What practice mode speaks; faults of other protocols would wait for calls that never come. */
const PRACTICE_PROTOCOL = 'upay';

const faultsSchema = z.object({
  faults: z
    .array(
      z.object({
        name: z.string(),
        words: z.object({ en: z.string(), zh: z.string() }),
        calls: z.array(z.string()),
        protocols: z.array(z.string()),
      }),
    )
    .transform((faults) =>
      faults
        .filter(({ protocols }) => protocols.includes(PRACTICE_PROTOCOL))
        .map(({ name, words, calls }) => ({ name, words, calls })),
    ),
  pending: z.array(z.object({ fault: z.string(), call: z.string(), times: z.number().int() })),
});

const ordersSchema = z.array(
  z
    .object({
      clientSn: z.string(),
      sn: z.string(),
      orderStatus: z.string(),
      totalMinor: z.number().int(),
      netCapturedMinor: z.number().int(),
    })
    .transform(({ clientSn, sn, orderStatus, totalMinor, netCapturedMinor }) => ({
      clientSn,
      sn,
      status: orderStatus,
      totalAmount: totalMinor,
      capturedAmount: netCapturedMinor,
    })),
);

export interface PracticePanelDependencies {
  /** Whether the acquirer is the practice gateway; a real one is never asked any of this. */
  readonly practice: boolean;
  readonly dispatcher: Dispatcher;
  readonly timers: Timers;
}

interface ControlRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** Steers the practice gateway through its control endpoints and shows what it really holds. */
export class PracticePanel {
  readonly #deps: PracticePanelDependencies;

  constructor(dependencies: PracticePanelDependencies) {
    this.#deps = dependencies;
  }

  async report(): Promise<Result<PracticeReport, Failure>> {
    const faults = await this.#ask({ method: 'GET', path: '/__faults' }, faultsSchema);
    if (!faults.ok) return faults;
    const orders = await this.#ask({ method: 'GET', path: `/__orders?newest=${SHOWN_ORDERS}` }, ordersSchema);
    return orders.ok ? ok({ ...faults.value, orders: orders.value }) : orders;
  }

  /** Queues a fault for the next calls that it can happen to. */
  async queue({ fault, times = 1 }: CallArgs<'practice.fault'>): Promise<Result<PracticeReport, Failure>> {
    const body = { fault, times };
    const queued = await this.#ask({ method: 'POST', path: '/__faults', body }, z.unknown());
    return queued.ok ? this.report() : queued;
  }

  async clear(): Promise<Result<PracticeReport, Failure>> {
    const cleared = await this.#ask({ method: 'DELETE', path: '/__faults' }, z.unknown());
    return cleared.ok ? this.report() : cleared;
  }

  async #ask<Value>(request: ControlRequest, schema: z.ZodType<Value>): Promise<Result<Value, Failure>> {
    const { practice, dispatcher, timers } = this.#deps;
    if (!practice) return err(failure('not_practice'));
    const { method, path, body } = request;
    const bytes = body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) };
    const abort = new AbortController();
    const cancelTimer = timers.after(TIMEOUT_MS, () => abort.abort());
    const reply = await exchange(dispatcher, { method, path, ...bytes }, abort.signal);
    cancelTimer();
    if (reply.kind !== 'reply') return err(failure('acquirer_unreachable', reply.code));
    if (reply.status === 400)
      return err(failure('arguments_invalid', 'the practice gateway knows no such fault'));
    const parsed = schema.safeParse(parseText(textOf(reply)));
    if (reply.status === 200 && parsed.success) return ok(parsed.data);
    return err(failure('acquirer_unreachable', `practice gateway: ${reply.status}`));
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
