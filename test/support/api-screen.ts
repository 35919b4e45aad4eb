import type { CallArgs, Push } from '../../shared/contract.ts';

/** A screen of the browser host without a browser: a session, its stream of pushes, and calls. */
export async function openApiScreen(oneTimeUrl: string, onPush: (push: Push) => void) {
  const { origin } = new URL(oneTimeUrl);
  const opened = await fetch(oneTimeUrl, { redirect: 'manual' });
  await opened.body?.cancel();
  const [cookie = ''] = (opened.headers.get('set-cookie') ?? '').split(';');
  const abort = new AbortController();
  const stream = await fetch(`${origin}/api/events`, { headers: { cookie }, signal: abort.signal });
  const ended = read(stream, onPush).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  return {
    /** @throws where the terminal refuses */
    async collect(args: CallArgs<'sale.collect'>): Promise<void> {
      const response = await fetch(`${origin}/api/call`, {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'sale.collect', args }),
      });
      const answer = (await response.json()) as { readonly ok: boolean; readonly error?: object };
      if (!answer.ok) throw new Error(`The sale was refused: ${JSON.stringify(answer.error)}`);
    },
    async close(): Promise<void> {
      abort.abort();
      await ended;
    },
  };
}

async function read(stream: Response, onPush: (push: Push) => void): Promise<void> {
  if (!stream.ok || stream.body === null) throw new Error(`The host gives no stream: ${stream.status}`);
  let rest = '';
  for await (const part of stream.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + part).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('data: ')) onPush(JSON.parse(event.slice('data: '.length)) as Push);
    }
  }
}
