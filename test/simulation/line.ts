import { Dispatcher } from 'undici';
import { MAX_REPLY_BYTES, NotConnectedError } from '../../main/acquirer/transport.ts';
import type { Handled } from '../../main/training/acquirer.ts';
import type { DeliveryNote } from '../../main/training/wire-log.ts';
import { httpDate } from '../../main/training/http-date.ts';
import { assertNever } from '../../shared/assert.ts';
import type { Edge, Weather } from './plan.ts';
import type { SimulatedGateway } from './simulated-gateway.ts';
import type { Tally } from './tally.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Which order a request is about, as its bytes say. */
export interface NamedCall {
  readonly call: string;
  readonly clientSn: string;
}

/** The process at this end of the line. */
export interface Sender {
  readonly isAlive: boolean;
  /** It comes by a place where it may die; true where it has. */
  passes(edge: Edge): boolean;
  /** Null where the request is about no order. */
  readonly nameOf: (path: string, body: Uint8Array) => NamedCall | null;
  /** For how much longer a pay that leaves now may travel before the horizon would be a lie. */
  readonly mayTravelMs: (clientSn: string) => number;
  onLeaves(named: NamedCall): void;
  onEnded(named: NamedCall): void;
}

export interface LineDependencies {
  readonly time: VirtualTime;
  readonly gateway: SimulatedGateway;
  readonly random: () => number;
  readonly tally: Tally;
  readonly note: (text: string) => void;
  /** The line itself has repeated what this order's terminal sent once. */
  readonly onRepeated: (clientSn: string) => void;
}

type Sky = 'calm' | Weather;

/** Chances of each trouble in each weather, in percent; whoever is not troubled travels normally. */
interface Chances {
  readonly refused: number;
  readonly unconnected: number;
  readonly requestLost: number;
  readonly requestLate: number;
  readonly payLate: number;
  readonly repeated: number;
  readonly replyLost: number;
  readonly replyReset: number;
  readonly replyCut: number;
  readonly replyLate: number;
}

const CHANCES: Readonly<Record<Sky, Chances>> = {
  calm: chances({}),
  rough: chances({
    refused: 4,
    requestLost: 5,
    requestLate: 5,
    payLate: 6,
    repeated: 4,
    replyLost: 8,
    replyReset: 4,
    replyCut: 3,
    replyLate: 5,
  }),
  storm: chances({
    refused: 8,
    unconnected: 4,
    requestLost: 14,
    requestLate: 10,
    payLate: 14,
    repeated: 7,
    replyLost: 18,
    replyReset: 8,
    replyCut: 6,
    replyLate: 10,
  }),
  down: chances({ refused: 60, unconnected: 40 }),
};

function chances(some: Partial<Chances>): Chances {
  const none: Chances = {
    refused: 0,
    unconnected: 0,
    requestLost: 0,
    requestLate: 0,
    payLate: 0,
    repeated: 0,
    replyLost: 0,
    replyReset: 0,
    replyCut: 0,
    replyLate: 0,
  };
  return { ...none, ...some };
}

const CONNECT_TIMEOUT_MS = 5000;
const ERROR_PAGE = '<html><body>500 Internal Server Error</body></html>';
const PORTAL_PAGE = '<!doctype html><html><body>Sign in</body></html>';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The connection breaks in the middle of the body. */
  readonly isCut: boolean;
}

/** The network between a till and its acquirer, by seed: it loses, delays, repeats, breaks and refuses. */
export class Line {
  readonly #deps: LineDependencies;
  readonly #skies: { readonly weather: Weather; readonly untilMs: number }[] = [];
  #isQuiet = false;

  constructor(dependencies: LineDependencies) {
    this.#deps = dependencies;
  }

  turn(weather: Weather, lastsMs: number): void {
    this.#skies.push({ weather, untilMs: this.#deps.time.nowMs + lastsMs });
  }

  /** Nothing goes wrong from here on. */
  calm(): void {
    this.#isQuiet = true;
  }

  /** One end of the line, for one process. */
  dispatcherFor(sender: Sender): Dispatcher {
    return new LineEnd((request, handler) => this.#carry(sender, request, handler));
  }

  #sky(): Sky {
    if (this.#isQuiet) return 'calm';
    const { nowMs } = this.#deps.time;
    return this.#skies.findLast(({ untilMs }) => nowMs < untilMs)?.weather ?? 'calm';
  }

  #carry(sender: Sender, request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (!sender.isAlive) return;
    const exchange = new Exchange(sender, handler);
    if (exchange.isOver) return;
    if (request.method !== 'POST') {
      this.#knock(exchange);
      return;
    }
    const { path } = request;
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const named = sender.nameOf(path, body);
    if (sender.passes('before_send')) return;
    if (named !== null) {
      sender.onLeaves(named);
      exchange.onOver = () => sender.onEnded(named);
    }
    const fate = this.#fate();
    if (this.#isUnconnected(exchange, fate)) return;
    const headers = (request.headers ?? {}) as Readonly<Record<string, string>>;
    this.#send(exchange, { path, headers, body, named }, fate);
    sender.passes('after_send');
  }

  /** Draws once for each kind of trouble, in their order; the first that is drawn happens. */
  #fate(): keyof Chances | 'normal' {
    let left = this.#deps.random() * 100;
    for (const [trouble, percent] of Object.entries(CHANCES[this.#sky()])) {
      left -= percent as number;
      if (left < 0) return trouble as keyof Chances;
    }
    return 'normal';
  }

  #isUnconnected(exchange: Exchange, fate: keyof Chances | 'normal'): boolean {
    if (fate !== 'refused' && fate !== 'unconnected') return false;
    this.#deps.tally.fault(`line/${fate}`);
    const [code, afterMs] =
      fate === 'refused' ? ['ECONNREFUSED', 1] : ['UND_ERR_CONNECT_TIMEOUT', CONNECT_TIMEOUT_MS];
    this.#deps.time.after(afterMs, () => exchange.fail(new NotConnectedError(coded(code))));
    return true;
  }

  #knock(exchange: Exchange): void {
    const fate = this.#fate();
    if (this.#isUnconnected(exchange, fate)) return;
    const { time, gateway } = this.#deps;
    time.after(2 * this.#latencyMs(), () => {
      const headers = { date: httpDate(gateway.acquiring.nowMs()) };
      exchange.answer({ status: 404, headers, body: Buffer.alloc(0), isCut: false });
    });
  }

  #send(
    exchange: Exchange,
    request: {
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
      readonly named: NamedCall | null;
    },
    drawn: keyof Chances | 'normal',
  ): void {
    const { time, random, tally, note, onRepeated } = this.#deps;
    const { named } = request;
    const isPay = named?.call === 'pay';
    const fate = drawn === 'payLate' && !isPay ? 'requestLate' : drawn;
    if (fate !== 'normal') tally.fault(`line/${fate}`);
    if (fate === 'requestLost') {
      note(`line: ${told(named, request.path)} is lost on its way`);
      return;
    }
    let travelMs = this.#latencyMs();
    if (fate === 'requestLate') travelMs += 1000 + random() * 40_000;
    if (fate === 'payLate') travelMs += 20_000 + random() * 150_000;
    const mostMs = isPay ? exchange.sender.mayTravelMs(named.clientSn) : Infinity;
    const arrive = (copy: Exchange | null): void => {
      const met = this.#meet(request, note);
      if (copy === null) return;
      if (met === null) return;
      this.#reply(copy, met, fate, told(named, request.path));
    };
    time.after(Math.min(travelMs, mostMs), () => arrive(exchange));
    if (fate === 'repeated') {
      if (named !== null) onRepeated(named.clientSn);
      time.after(Math.min(travelMs + random() * 60_000, mostMs), () => arrive(null));
    }
  }

  #meet(
    request: {
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    },
    note: (text: string) => void,
  ): Handled | null {
    const met = this.#deps.gateway.handle(request);
    if (met === null) {
      note(`gateway: nobody answers at ${request.path}`);
      return null;
    }
    return met.handled;
  }

  #reply(exchange: Exchange, handled: Handled, fate: keyof Chances | 'normal', what: string): void {
    const { time, random, gateway, note } = this.#deps;
    const { log, conditions } = gateway.acquiring;
    const deliver = (note_: DeliveryNote): void => log.delivery(handled.seq, note_);
    let backMs = this.#latencyMs();
    if (handled.delivery === 'delay') backMs += conditions.current().slowMs;
    if (fate === 'replyLate') backMs += 1000 + random() * 40_000;
    if (handled.delivery === 'hang' || fate === 'replyLost') {
      deliver('withheld');
      note(`gateway: ${what} is carried out, and nothing comes back`);
      return;
    }
    if (handled.delivery === 'drop' || fate === 'replyReset') {
      deliver('withheld');
      time.after(backMs, () => exchange.fail(coded('UND_ERR_SOCKET')));
      return;
    }
    const reply = this.#replyOf(handled);
    const isCut = reply.isCut || fate === 'replyCut';
    const isSpoilt = isCut || SPOILT.has(handled.delivery);
    const date = httpDate(gateway.acquiring.nowMs());
    time.after(backMs, () => {
      // What was overtaken by its deadline never came, whatever the line did with it.
      const arrives = !exchange.isOver && exchange.sender.isAlive;
      deliver(isSpoilt ? 'damaged' : arrives ? 'sent' : 'withheld');
      exchange.answer({ ...reply, isCut, headers: { date, ...reply.headers } });
    });
  }

  #replyOf({ delivery, message }: Handled): Reply {
    const { text = '', headers: given = {} } = message ?? {};
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const whole = (status: number, body: string, own: Readonly<Record<string, string>>): Reply => ({
      status,
      headers: own,
      body: Buffer.from(body),
      isCut: false,
    });
    switch (delivery) {
      case 'http_500':
        return whole(500, ERROR_PAGE, {});
      case 'html_200':
        return whole(200, PORTAL_PAGE, {});
      case 'redirect':
        return whole(302, '', { location: '/captive-portal' });
      case 'empty':
        return whole(200, '', {});
      case 'garble':
        return whole(200, text.slice(0, Math.ceil(text.length / 2)), headers);
      case 'reset_mid_body':
        return { ...whole(200, text, headers), isCut: true };
      case 'send':
      case 'delay':
      case 'bloat':
      case 'envelope_500':
      case 'drop':
      case 'hang':
        return whole(200, text, headers);
      default:
        return assertNever(delivery);
    }
  }

  #latencyMs(): number {
    return 5 + Math.round(this.#deps.random() * 60);
  }
}

/** Answers that come otherwise than they were made. */
const SPOILT: ReadonlySet<string> = new Set([
  'http_500',
  'html_200',
  'redirect',
  'empty',
  'garble',
  'bloat',
  'envelope_500',
  'reset_mid_body',
]);

function told(named: NamedCall | null, path: string): string {
  return named === null ? path : `${named.call} of ${named.clientSn}`;
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** One request and what comes of it, for as long as somebody waits for that. */
class Exchange implements Dispatcher.DispatchController {
  readonly sender: Sender;
  readonly #handler: Dispatcher.DispatchHandler;
  #reason: Error | null = null;
  isOver = false;
  onOver: () => void = () => undefined;

  constructor(sender: Sender, handler: Dispatcher.DispatchHandler) {
    this.sender = sender;
    this.#handler = handler;
    handler.onRequestStart?.(this, null);
  }

  get aborted(): boolean {
    return this.#reason !== null;
  }

  get reason(): Error | null {
    return this.#reason;
  }

  get paused(): boolean {
    return false;
  }

  get rawHeaders(): string[] {
    return [];
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.fail(reason);
  }

  pause(): void {
    // Whatever comes is small enough to be taken whole.
  }

  resume(): void {
    // Nothing was held back.
  }

  fail(error: Error): void {
    if (this.#ends()) this.#handler.onResponseError?.(this, error);
  }

  answer({ status, headers, body, isCut }: Reply): void {
    if (this.isOver || !this.sender.isAlive || this.sender.passes('before_reply')) return;
    this.#ends();
    const handler = this.#handler;
    handler.onResponseStart?.(this, status, headers);
    if (isCut) {
      handler.onResponseData?.(this, body.subarray(0, Math.floor(body.length / 2)));
      handler.onResponseError?.(this, coded('UND_ERR_SOCKET'));
      return;
    }
    if (body.length > MAX_REPLY_BYTES) {
      handler.onResponseError?.(this, coded('UND_ERR_RES_EXCEEDED_MAX_SIZE'));
      return;
    }
    if (body.length > 0) handler.onResponseData?.(this, body);
    handler.onResponseEnd?.(this, {});
  }

  /** False where it had ended before, or nobody is there any more. */
  #ends(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.onOver();
    return this.sender.isAlive;
  }
}

/** What the acquirer code sends through, as it does through a real pool. */
class LineEnd extends Dispatcher {
  readonly #carry: (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;

  constructor(carry: (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void) {
    super();
    this.#carry = carry;
  }

  override dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#carry(request, handler);
    return true;
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | void {
    callback?.();
    return Promise.resolve();
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(): Promise<void> {
    return Promise.resolve();
  }
}
