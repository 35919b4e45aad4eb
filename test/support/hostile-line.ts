import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Behaviour } from './hostile-peer.ts';

/** A call whose answer somebody on the line replaces, and how often. */
export interface Interference {
  readonly path: RegExp;
  /** In the body of the calls that are meant: a number of their order. */
  readonly names: string;
  readonly behave: Behaviour;
  times: number;
}

export interface HostileLine {
  readonly url: string;
  /** What is still to be done, the first that fits; a call that fits none passes unharmed. */
  readonly interferences: Interference[];
  close(): Promise<void>;
}

/**
 * A line to an honest acquirer on which somebody sits: every request arrives there and is carried out, and some
 * answers are not what comes back.
 */
export async function hostileLine(to: string): Promise<HostileLine> {
  const interferences: Interference[] = [];
  const server = createServer((incoming, response) => {
    void collect(incoming).then((body) => {
      const path = incoming.url ?? '';
      const found = interferences.find(
        (each) => each.times > 0 && each.path.test(path) && body.includes(each.names),
      );
      if (found !== undefined) found.times -= 1;
      const { method, headers } = incoming;
      const onward = request(
        `${to}${path}`,
        { method, headers: { ...headers, connection: 'close' } },
        (answer) => {
          void collect(answer).then((bytes) => {
            if (found === undefined)
              response.writeHead(answer.statusCode ?? 500, answer.rawHeaders).end(bytes);
            else found.behave({ path, socket: incoming.socket });
          });
        },
      );
      onward.on('error', () => incoming.socket.destroy());
      onward.end(body);
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    interferences,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function collect(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    // Cut short by whoever sent it.
  }
  return Buffer.concat(chunks);
}
