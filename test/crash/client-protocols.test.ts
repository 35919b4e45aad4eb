import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveSettings } from '../../main/settings/settings-store.ts';
import type { OrderJson } from '../../shared/contract.ts';
import { problemsOf } from '../support/check-story.ts';
import { cli, startCli } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { must } from '../support/must.ts';
import { SPOKEN } from '../support/protocols.ts';
import { freshCode, HASTY, until } from '../support/terminal.ts';

/** SIGKILL in the middle of a payment, whatever the terminal speaks. */

let gateway: GatewayProcess;
const root = mkdtempSync(join(tmpdir(), 'redress-killed-'));

beforeAll(async () => {
  gateway = await startGatewayProcess({ allProtocols: true });
});

afterAll(async () => {
  await gateway.stop();
  rmSync(root, { recursive: true, force: true });
});

describe.concurrent('a terminal that is killed after the customer was charged', () => {
  test.each(SPOKEN)(
    'and speaks $name gives the money back at its next start, and never pays twice',
    async (protocol) => {
      const data = join(root, protocol.name.replaceAll(' ', '-'));
      mkdirSync(data, { mode: 0o700 });
      const deviceId = `killed-${protocol.name.length}`;
      const identity = await protocol.identify(gateway, deviceId);
      const policy = { ...HASTY, payTimeoutMs: 10_000, confirmWindowMs: 12_000, inFlightHorizonMs: 15_000 };
      const setUp = { gateway, identity, deviceId, apiDomain: gateway.url, policy };
      must(saveSettings(data, protocol.settings(setUp)));
      protocol.storeKeys(data, setUp, true);

      // The line goes dead for every amount that ends so; the rest tells whose payment it is.
      const totalMinor = 1012 + 100 * SPOKEN.indexOf(protocol);
      const amount = (totalMinor / 100).toFixed(2);
      const code = freshCode();
      const paying = startCli(['--json', 'pay', '--amount', amount, '--code', code], { data });
      const charged = await until('the customer is charged', async () =>
        (await gateway.orders()).find((order) => order.totalMinor === totalMinor && order.charges === 1),
      );
      paying.child.kill('SIGKILL');
      await paying.ended;

      const worked = await cli(['--json', 'work', '--until-idle', '--for', '60'], { data });
      expect(worked.code).toBe(0);
      const shown = (await cli(['--json', 'show', charged.clientSn], { data })).json() as OrderJson;
      expect(shown).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(await gateway.order(charged.clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      const pays = (await gateway.wireLog(charged.clientSn)).filter(({ call }) => call === 'pay');
      expect(pays).toHaveLength(1);
      expect((await cli(['--json', 'journal', 'verify'], { data })).code).toBe(0);
      expect(problemsOf(data, gateway.file, { terminalSn: null, secrets: [code] })).toEqual([]);
    },
  );
});
