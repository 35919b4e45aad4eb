import { startGateway, type Gateway, type GatewayOptions } from '../../main/training/gateway.ts';
import { systemClock, systemRandom, systemTimers } from '../../main/shell/clock.ts';
import { messageOf } from '../../shared/errors.ts';
import { UPAY_PATHS, type UpayCall } from '../../shared/protocol/upay/requests.ts';
import { upayAuthorization } from '../../shared/signing/md5.ts';
import { answerOrSilence } from './gateway-silence.ts';

/** A practice gateway on a free port, in memory unless a file is given; throws if it cannot start. */
export async function startPracticeGateway(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const started = await startGateway({
    port: 0,
    file: ':memory:',
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    ...options,
  });
  if (!started.ok) throw new Error(messageOf(started.error));
  return started.value;
}

/** A reply as far as tests look into it. */
export interface WireReply {
  readonly result_code: string;
  readonly error_code: string;
  readonly error_message: string;
  readonly biz_response?: {
    readonly result_code?: string;
    readonly error_code?: string;
    readonly error_message?: string;
    readonly terminal_sn?: string;
    readonly terminal_key?: string;
    readonly data?: Readonly<Record<string, string>> | null;
  };
}

interface OrderEvidence {
  readonly clientSn: string;
  readonly sn: string;
  readonly terminalSn: string;
  readonly orderStatus: string;
  readonly totalMinor: number;
  readonly netMinor: number;
  readonly netCapturedMinor: number;
  readonly refundedMinor: number;
  readonly charges: number;
  readonly reversals: number;
  readonly fault: string | null;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | null;
}

interface LogEvidence {
  readonly seq: number;
  readonly atMs: number;
  readonly atUs: number;
  readonly path: string;
  readonly terminalSn: string | null;
  readonly clientSn: string | null;
  readonly sn: string | null;
  readonly fault: string | null;
  readonly signature: string;
  readonly result: string | null;
  readonly delivery: string;
  readonly delivered: boolean;
}

/** A bare terminal: signs and sends exactly what it is told to, and never repeats by itself. */
export function testTerminal(gateway: Gateway, sn?: string, key?: string) {
  const terminalSn = sn ?? gateway.credentials.terminalSn;
  let terminalKey = key ?? gateway.credentials.terminalKey;
  let codes = 0;

  /** The raw HTTP answer; rejects when the connection breaks or nothing came in time. */
  const fetchCall = (
    call: UpayCall,
    body: object | string,
    wait: number | AbortSignal = 20_000,
  ): Promise<Response> => {
    const text = typeof body === 'string' ? body : JSON.stringify({ terminal_sn: terminalSn, ...body });
    return fetch(`${gateway.url}${UPAY_PATHS[call]}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: upayAuthorization(terminalSn, new TextEncoder().encode(text), terminalKey),
      },
      body: text,
      redirect: 'manual',
      signal: typeof wait === 'number' ? AbortSignal.timeout(wait) : wait,
    });
  };

  return {
    gatewayUrl: gateway.url,
    terminalSn,
    key: () => terminalKey,
    useKey(newKey: string): void {
      terminalKey = newKey;
    },
    fetchCall,
    async send(call: UpayCall, body: object | string): Promise<WireReply> {
      const response = await fetchCall(call, body);
      return (await response.json()) as WireReply;
    },
    payBody: (clientSn: string, totalMinor: number): Readonly<Record<string, string>> => ({
      client_sn: clientSn,
      total_amount: String(totalMinor),
      dynamic_id: `28${String(++codes).padStart(16, '0')}`,
      subject: 'Practice goods',
      operator: 'cashier',
    }),
  };
}

/** The control endpoints of a gateway. */
export function gatewayControl(gateway: Gateway) {
  const call = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(gateway.url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const must = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await call(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    call,
    fault: (entry: { fault: string; call?: string; times?: number; clientSn?: string }) =>
      must('POST', '/__faults', entry),
    clearFaults: () => must('DELETE', '/__faults'),
    config: (part: object) => must('POST', '/__config', part),
    shiftClock: (offsetMs: number) => must('POST', '/__clock', { offsetMs }),
    rotate: (terminalSn?: string) =>
      must('POST', '/__rotate', terminalSn === undefined ? {} : { terminalSn }),
    orders: async () => (await must('GET', '/__orders')) as readonly OrderEvidence[],
    order: async (clientSn: string) => (await must('GET', `/__orders/${clientSn}`)) as OrderEvidence,
    log: async (clientSn?: string) =>
      (await must(
        'GET',
        clientSn === undefined ? '/__log' : `/__log?clientSn=${clientSn}`,
      )) as readonly LogEvidence[],
  };
}

/** Longer than any honest answer. */
const OVERSIZE = 1024 * 1024;

/**
 * What a terminal gets to see of a call: the codes of the answer, outermost first, or `silence`, which the
 * gateway must have kept for `silenceMs`, `broken`, `unreadable`, `empty`, `oversize`, `http NNN`.
 */
export async function seenBy(
  terminal: ReturnType<typeof testTerminal>,
  call: UpayCall,
  body: object,
  silenceMs = 200,
): Promise<string> {
  try {
    const { response, text } = await answerOrSilence(terminal.gatewayUrl, silenceMs, async (signal) => {
      const answer = await terminal.fetchCall(call, body, signal);
      return { response: answer, text: await answer.text() };
    });
    if (response.status !== 200) return `http ${response.status}`;
    if (text.length > OVERSIZE) return 'oversize';
    return text === '' ? 'empty' : codesIn(text);
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'silence' : 'broken';
  }
}

function codesIn(text: string): string {
  let reply: WireReply;
  try {
    reply = JSON.parse(text) as WireReply;
  } catch {
    return 'unreadable';
  }
  const biz = reply.biz_response;
  return [reply.result_code, reply.error_code, biz?.result_code, biz?.error_code, biz?.data?.['order_status']]
    .filter((code) => code !== undefined && code !== '')
    .join('/');
}
