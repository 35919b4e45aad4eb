import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BEHAVIOURS } from '../support/hostile-behaviours.ts';
import type { Behaviour } from '../support/hostile-peer.ts';
import { hostileLine } from '../support/hostile-line.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { SPOKEN } from '../support/protocols.ts';
import { expectStory, HASTY, RESTING, type TestTerminal } from '../support/terminal.ts';

/**
 * Somebody sits on the line between a whole terminal and an honest acquirer. What the customer is charged and what
 * the cashier is told agree in the end, the next sale is an ordinary one, and the independent checker says so.
 */

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess({ allProtocols: true });
});
afterAll(() => gateway.stop());

/** One of each kind: silence, breaking off, flooding, nonsense of HTTP, of JSON, and a page. */
const CHOSEN = [
  'says nothing',
  'breaks the connection',
  'drips headers',
  'sends a body without an end',
  'says "continue" without an end',
  'changes the protocol',
  'counts its body past all numbers',
  'sends objects in objects',
  'sends prototypes',
  'sends a hundred megabytes compressed',
  'sends a page',
];
const chosen = BEHAVIOURS.filter(([does]) => CHOSEN.includes(does));

const PAY = /\/(pay|retailPay)$/;
const QUERY = /\/(query|inquiryPayment)$/;
const CANCEL = /\/(cancel|cancelPayment)$/;
/** Whose answers are spoilt, and how often. */
type Spoilt = readonly (readonly [path: RegExp, times: number])[];

/** The second form of Alipay+ differs in no reply. */
const protocols = SPOKEN.filter(({ name }) => !name.includes('pspId'));

describe.concurrent('on a line on which somebody sits', () => {
  test.each(protocols)(
    'a terminal that speaks $name stays right about every sale',
    { timeout: 120_000 },
    async (protocol) => {
      const line = await hostileLine(gateway.url);
      const options = { gateway, protocol, apiDomain: line.url, policy: { ...HASTY, callTimeoutMs: 400 } };
      const tell = async (terminal: TestTerminal): Promise<readonly string[]> => {
        const told: string[] = [];
        const collect = (amount: string, spoilt: Spoilt, behave: Behaviour) => {
          // Registered in the same turn: the pay call has not arrived yet.
          const { clientSn } = terminal.collect(amount);
          told.push(clientSn);
          const own = spoilt.map(([path, times]) => ({ path, names: clientSn, behave, times }));
          line.interferences.push(...own);
          return { clientSn, own };
        };
        const stories = chosen.flatMap(([does, behave]) => [
          async () => {
            const { clientSn } = collect('12.34', [[PAY, 1]], behave);
            const { state } = await terminal.waitFor(clientSn, RESTING);
            // The first question finds the charge, unless the machine was too busy to ask in time.
            expect(['paid', 'reversed'], does).toContain(state);
          },
          async () => {
            // Nobody answers a question, so the cancel is owed; its first answer and its first proof are spoilt too.
            const spoilt: Spoilt = [
              [PAY, 1],
              [QUERY, 100],
              [CANCEL, 1],
            ];
            const { clientSn, own } = collect('12.35', spoilt, behave);
            await terminal.waitFor(clientSn, ['reversing', 'verifying']);
            for (const each of own) each.times = Math.min(each.times, 1);
            const { state, reason } = await terminal.waitFor(clientSn, RESTING);
            expect({ does, state, reason }).toEqual({ does, state: 'reversed', reason: 'no_answer' });
          },
        ]);
        await Promise.all(stories.map((story) => story()));
        await terminal.waitForIdle();
        const { clientSn } = terminal.collect('1.00');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
        return [...told, clientSn];
      };
      await expectStory(options, tell);
      await line.close();
    },
  );
});
