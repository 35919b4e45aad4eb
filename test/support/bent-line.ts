import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call on its way from a terminal to the gateway. */
export interface PassingCall {
  /** The last part of its path: `pay`, `query`, `cancel` and so on. */
  readonly call: string;
  /** How many calls of this name passed before it. */
  readonly before: number;
  readonly body: Readonly<Record<string, string>>;
}

/** An answer on its way back. */
export interface PassingAnswer {
  readonly status: number;
  readonly body: string;
}

/** What happens to a call: `pass` carries it to the gateway, as often as it is called. */
export type Bend = (call: PassingCall, pass: () => Promise<PassingAnswer>) => Promise<PassingAnswer>;

/**
 * A line between terminals and the gateway that may keep calls back, repeat them or change answers: what
 * middle boxes do, and acquirers that say one thing and do another. The caller closes it.
 */
export async function startBentLine(gatewayUrl: string, bend: Bend) {
  const passed = new Map<string, number>();
  const misled = new Set<string>();
  const answer = async (message: IncomingMessage): Promise<PassingAnswer> => {
    const { method = 'GET', url = '/', headers } = message;
    const body = await text(message);
    const answers: PassingAnswer[] = [];
    const pass = async (): Promise<PassingAnswer> => {
      const reply = await fetch(new URL(url, gatewayUrl), {
        method,
        headers: {
          authorization: headers.authorization ?? '',
          'content-type': headers['content-type'] ?? 'text/plain',
        },
        ...(method === 'POST' ? { body } : {}),
      });
      const passing = { status: reply.status, body: await reply.text() };
      answers.push(passing);
      return passing;
    };
    if (method !== 'POST') return pass();
    const call = url.slice(url.lastIndexOf('/') + 1);
    const before = passed.get(call) ?? 0;
    passed.set(call, before + 1);
    const asked = JSON.parse(body) as PassingCall['body'];
    const given = await bend({ call, before, body: asked }, pass);
    const isFaithful = answers.length === 1 && answers[0] === given;
    if (!isFaithful) misled.add(asked['client_sn'] ?? asked['sn'] ?? '');
    return given;
  };
  const server = createServer((message, response) => {
    answer(message).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      // The gateway kept silent or broke off, and so does the line.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Orders of which a call was repeated, or an answer made up, by either number. */
    misled: (): readonly string[] => [...misled],
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A complete Upay answer with this business result. */
export function upayAnswer(resultCode: string, more: object = {}): PassingAnswer {
  const biz = { result_code: resultCode, ...more };
  return { status: 200, body: JSON.stringify({ result_code: '200', biz_response: biz }) };
}

/** An error page of something between the terminal and the acquirer. */
export const ERROR_PAGE: PassingAnswer = { status: 502, body: 'Bad Gateway' };
