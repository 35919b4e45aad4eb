import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TerminalKeys } from '../../main/acquirer/terminal-keys.ts';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { upayAuthorization } from '../../shared/signing/md5.ts';

/** A request as it came, with the name of the key that made its signature. */
export interface SeenRequest {
  readonly call: string;
  readonly body: Readonly<Record<string, string>>;
  readonly key: string | null;
}

/** What to answer: JSON, or nothing at all for ever. */
export type Respond = (request: SeenRequest) => object | 'silence';

export const TERMINAL_SN = '10298371039';
const KEYS = ['older', 'stale', 'fresh', 'newest'] as const;

export const paidReply = {
  result_code: '200',
  biz_response: {
    result_code: 'PAY_SUCCESS',
    data: { sn: '7892259488292938', order_status: 'PAID', status: 'SUCCESS', total_amount: '1234' },
  },
};
export const illegalSign = {
  result_code: '400',
  error_code: 'ILLEGAL_SIGN',
  error_message: 'wrong signature',
};
export const checkinReply = (terminalKey: string, terminalSn = TERMINAL_SN) => ({
  result_code: '200',
  biz_response: { terminal_sn: terminalSn, terminal_key: terminalKey },
});

export interface FakeUpay {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** `call(key)` for each request, in the order they came. */
  readonly story: () => readonly string[];
  respond: Respond;
  /** The Date header; the machine's own while undefined. */
  date: string | undefined;
}

/** A server that knows a few keys by name and answers what the test says. Closed after the test. */
export async function fakeUpay(respond: Respond): Promise<FakeUpay> {
  const requests: SeenRequest[] = [];
  const upay: FakeUpay = {
    url: '',
    requests,
    story: () => requests.map(({ call, key }) => `${call}(${key})`),
    respond,
    date: undefined,
  };
  const server = createServer((message, response) => {
    void answer(message, response, upay, requests);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(upay, { url: `http://127.0.0.1:${port}` });
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  upay: FakeUpay,
  requests: SeenRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const authorization = message.headers.authorization ?? '';
  const seen: SeenRequest = {
    call: message.url?.split('/').at(-1) ?? '',
    body: raw.length === 0 ? {} : (JSON.parse(raw.toString('utf8')) as Record<string, string>),
    key: KEYS.find((key) => upayAuthorization(TERMINAL_SN, raw, key) === authorization) ?? null,
  };
  requests.push(seen);
  const reply = upay.respond(seen);
  if (reply === 'silence') return;
  if (upay.date !== undefined) response.setHeader('date', upay.date);
  response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
}

/** Keys in memory, on a disk that can be told to refuse. */
export class FakeKeys implements TerminalKeys {
  readonly terminalSn = TERMINAL_SN;
  readonly deviceId = 'counter-1';
  refuses = false;
  readonly rotations: string[] = [];
  #current: string;
  #previous: string | null;
  #day: string | null;
  #isStored = true;

  constructor(current: string, previous: string | null, checkedInDay: string | null) {
    this.#current = current;
    this.#previous = previous;
    this.#day = checkedInDay;
  }

  current(): string {
    return this.#current;
  }

  previous(): string | null {
    return this.#previous;
  }

  checkedInDay(): string | null {
    return this.#day;
  }

  rotate(key: string, businessDay: string): Result<void, Failure> {
    this.rotations.push(key);
    this.#previous = this.#current;
    this.#current = key;
    this.#day = businessDay;
    return this.store();
  }

  isStored(): boolean {
    return this.#isStored;
  }

  store(): Result<void, Failure> {
    this.#isStored = !this.refuses;
    return this.refuses ? err(failure('data_full')) : ok(undefined);
  }
}
