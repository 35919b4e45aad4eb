import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshCode, openTestTerminal, type TestTerminal } from '../support/terminal.ts';

/** Fewer than a program needs to start at all, and more than a sale takes. */
const FEWEST = 16;
const MOST = 40;

let gateway: GatewayProcess;
let terminal: TestTerminal;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  terminal = await openTestTerminal({ gateway });
  await terminal.stop();
});

afterAll(async () => {
  terminal.remove();
  await gateway.stop();
});

const pay = (wrapper: readonly string[] = []) =>
  cli(['--json', 'pay', '--amount', '1.34', '--code', freshCode()], { data: terminal.directory, wrapper });

describe('A machine that has run out of file descriptors', () => {
  test(
    'starts no payment that it cannot record, says so, and sells again once there are some',
    { timeout: 90_000 },
    async (context) => {
      if (process.platform === 'win32') return context.skip('descriptors are limited with ulimit');
      const ends = new Map<string, number>();
      const recorded: string[] = [];
      for (let limit = FEWEST; limit < MOST && (ends.get('paid') ?? 0) < 2; limit += 1) {
        const result = await pay(['bash', '-c', `ulimit -n ${limit}; exec "$@"`, '--']);
        // Below some number the runtime itself ends before a line of ours has run.
        const hasRun = result.stdout !== '';
        const said = (hasRun ? result.json() : { error: { code: 'nothing' } }) as {
          readonly clientSn?: string;
          readonly state?: string;
          readonly error?: { readonly code: string };
        };
        const end = said.error?.code ?? said.state ?? '';
        ends.set(end, (ends.get(end) ?? 0) + 1);
        if (said.clientSn !== undefined) recorded.push(said.clientSn);
        expect(
          ['nothing', 'data_unavailable', 'declined', 'reversed', 'paid'],
          `with ${limit}: ${result.stderr}`,
        ).toContain(end);
      }
      expect([...ends.keys()]).toEqual(expect.arrayContaining(['data_unavailable', 'paid']));
      const after = await pay();
      expect([after.code, after.json()]).toMatchObject([0, { state: 'paid' }]);
      recorded.push((after.json() as { readonly clientSn: string }).clientSn);
      const asked = (await gateway.wireLog())
        .filter(({ call }) => call === 'pay')
        .map(({ clientSn }) => clientSn);
      expect(asked.filter((clientSn) => clientSn === null || !recorded.includes(clientSn))).toEqual([]);
      expect(terminal.verify()).toEqual([]);
      return undefined;
    },
  );
});
