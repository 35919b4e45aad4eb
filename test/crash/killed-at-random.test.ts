import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../main/ledger/ledger.ts';
import { FileTerminalKeys, storeTerminalKey } from '../../main/settings/key-store.ts';
import { saveSettings } from '../../main/settings/settings-store.ts';
import { MAGIC_AMOUNTS } from '../../main/training/magic-amounts.ts';
import type { Order } from '../../shared/order/order.ts';
import { COLLECTING, OPEN, type BusyDay } from '../support/busy-counter.ts';
import { problemsOf } from '../support/check-story.ts';
import { agreementOf, LATE_POLICY, withLedger, workUntilIdle } from '../support/crash-gateway.ts';
import { Child, killLeftovers } from '../support/crash-processes.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { must } from '../support/must.ts';
import { SPOKEN, UPAY, type SpokenProtocol } from '../support/protocols.ts';
import { seededRandom } from '../support/seeded-random.ts';

/**
 * One counter for each protocol, on one data directory for the whole test: killed at a random instant,
 * started again to recover and sell on, and killed again.
 */
const ROUNDS = 52;

/** Every fourth life ends while it is still starting: in the recovery, or before it. */
const START_MS = 400;
/** The others end this long at most after so many sales at most: a slow machine kills later, and not less. */
const MOST_SALES = 4;
const LATEST_KILL_MS = 200;

/** Long enough for a busy machine to see sales end well, short enough for what is owed to go out between two kills. */
const POLICY = {
  ...LATE_POLICY,
  payTimeoutMs: 1200,
  callTimeoutMs: 1200,
  confirmWindowMs: 4000,
  inFlightHorizonMs: 9000,
} as const;

const ENDINGS = ['34', '34', ...MAGIC_AMOUNTS.map((magic) => magic.ending)] as const;

const COUNTER = resolve('test/support/busy-counter.ts');

/** `REDRESS_SEED=n` makes the choices of a failure again; the instants themselves are the machine's. */
const SEED = Number(process.env['REDRESS_SEED'] ?? randomInt(2 ** 31));

/**
 * Two rotations behind a terminal's back, or one and a check-in that a kill cuts off, leave a Upay terminal no key
 * that the acquirer knows: then merchant IT activates it again, and what is owed waits for that.
 */
const UPAY_ENDINGS = ENDINGS.filter((ending) => ending !== '27') as [string, ...string[]];

interface Lane {
  readonly protocol: SpokenProtocol;
  readonly lane: number;
}

const lanes: readonly Lane[] = SPOKEN.map((protocol, lane) => ({ protocol, lane }));
/** What all counters together came to. */
const known = { clientSns: new Set<string>(), states: new Set<string>(), interrupted: new Set<string>() };

let root: string;
let gateway: GatewayProcess;
let registering: NodeJS.Timeout;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'redress-random-'));
  gateway = await startGatewayProcess({ allProtocols: true });
  await gateway.configure({ pendingMs: 400, slowMs: 300, hangMs: 10_000, landAfterMs: 2000 });
  // An amount that ends in 27 has the key of a client with a key pair unregistered; somebody registers it again.
  registering = setInterval(() => void gateway.configure({ clientKeyAccepted: true }), 500);
  const nowhere = { directory: root, seed: 0, lane: 0, round: 0, endings: ENDINGS };
  const compiled = startCounter(nowhere);
  await compiled.printed('refused: not_configured\n');
  await compiled.ended;
});

afterAll(async () => {
  clearInterval(registering);
  killLeftovers();
  await gateway.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A data directory, and the number by which the gateway knows this terminal and no other; null where it has none. */
interface NewCounter {
  readonly directory: string;
  readonly terminalSn: string | null;
}

async function newCounter({ protocol, lane }: Lane): Promise<NewCounter> {
  const directory = join(root, `counter-${lane}`);
  mkdirSync(directory, { mode: 0o700 });
  const deviceId = `random-counter-${lane}`;
  const identity = await protocol.identify(gateway, deviceId);
  const setUp = { gateway, identity, deviceId, apiDomain: gateway.url, policy: POLICY };
  must(saveSettings(directory, protocol.settings(setUp)));
  // A Upay terminal begins its day with a check-in, which may be what is killed.
  protocol.storeKeys(directory, setUp, false);
  return { directory, terminalSn: protocol === UPAY ? identity.terminalSn : null };
}

/** Two check-ins in a row that were cut off leave a terminal without a key that the acquirer knows: IT brings one. */
function bringKey(directory: string, terminalSn: string): void {
  const keys = must(FileTerminalKeys.open(directory, { terminalSn, deviceId: 'random-counter' }));
  const current = gateway.currentKey(terminalSn);
  if (current === keys.current() || current === keys.previous()) return;
  must(storeTerminalKey(directory, terminalSn, current));
}

/** Compiled once: a counter that is killed never gets to keep what it compiled. */
function startCounter(day: BusyDay): Child {
  return new Child([COUNTER, JSON.stringify(day)], { NODE_COMPILE_CACHE: join(root, 'compiled') });
}

interface Life {
  /** Whether it had recovered and begun to sell. */
  readonly wasOpen: boolean;
  readonly acknowledged: readonly string[];
}

/** One life of a counter: it ends by SIGKILL and by nothing else. */
async function liveAndDie(day: BusyDay, random: () => number): Promise<Life> {
  const child = startCounter(day);
  const diesStarting = random() < 0.25;
  const sales = Math.floor(random() * (MOST_SALES + 1));
  if (!diesStarting) {
    await child.printed(OPEN);
    await child.printed(COLLECTING, sales);
  }
  // The instant itself is the experiment; there is no condition to wait for.
  await pause(random() * (diesStarting ? START_MS : LATEST_KILL_MS));
  const { code, stdout, stderr } = await child.kill();
  expect([code, stderr], `ended by itself: ${stdout}`).toEqual([null, '']);
  const acknowledged = stdout.split('\n').filter((line) => line.startsWith(COLLECTING));
  return {
    wasOpen: stdout.startsWith(OPEN),
    acknowledged: acknowledged.map((line) => line.slice(COLLECTING.length)),
  };
}

/** What each restart found on its way: the calls that a former life owed, as the journal tells. */
function interruptedCalls(ledger: Ledger): Readonly<Record<string, number>> {
  const owedBefore = new Map<string, string>();
  const found: Record<string, number> = {};
  for (const { clientSn, event, body } of ledger.journal()) {
    if (clientSn === null) continue;
    const call = owedBefore.get(clientSn) ?? 'nothing';
    if (event === 'restarted') found[call] = (found[call] ?? 0) + 1;
    const { order } = JSON.parse(body) as { order: Order };
    owedBefore.set(clientSn, order.owed?.call ?? 'nothing');
  }
  return found;
}

/** Order by order: what the terminal says, what the gateway did, and what was on the wire. */
async function expectTruth(orders: readonly Order[]): Promise<void> {
  const truths = new Map((await gateway.orders()).map((truth) => [truth.clientSn, truth]));
  const pays = new Map<string, number>();
  // What was signed with a key of yesterday was refused unread, and is signed again.
  for (const { call, clientSn, signature } of await gateway.wireLog())
    if (call === 'pay' && signature !== 'wrong' && clientSn !== null)
      pays.set(clientSn, (pays.get(clientSn) ?? 0) + 1);
  const keptOfSale = new Map<string, number>();
  for (const order of orders) {
    const { clientSn, saleId, state } = order;
    const truth = truths.get(clientSn);
    expect(agreementOf(order, truth), clientSn).toBe('agrees');
    expect(pays.get(clientSn) ?? 0, `${clientSn}: pay was sent`).toBeLessThanOrEqual(1);
    expect(truth?.charges ?? 0, `${clientSn}: was charged`).toBeLessThanOrEqual(1);
    const isKept = truth !== undefined && truth.netCapturedMinor > 0 && state !== 'attention';
    if (isKept) keptOfSale.set(saleId, (keptOfSale.get(saleId) ?? 0) + 1);
  }
  expect([...keptOfSale].filter(([, count]) => count > 1)).toEqual([]);
}

describe.concurrent(`A counter killed at random instants, again and again (REDRESS_SEED=${SEED})`, () => {
  it.for(lanes)(
    `that speaks $protocol.name ends as the gateway says after ${ROUNDS} lives`,
    { timeout: 240_000 },
    async ({ protocol, lane }, { annotate }) => {
      const { directory, terminalSn } = await newCounter({ protocol, lane });
      const random = seededRandom(SEED + lane);
      const endings = protocol === UPAY ? UPAY_ENDINGS : ENDINGS;
      const acknowledged: string[] = [];
      let opened = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const seed = Math.floor(random() * 2 ** 31);
        const life = await liveAndDie({ directory, seed, lane, round, endings }, random);
        acknowledged.push(...life.acknowledged);
        if (life.wasOpen) opened += 1;
        if (terminalSn !== null) bringKey(directory, terminalSn);
      }
      await workUntilIdle(directory);
      const { orders, report, owed, interrupted } = withLedger(directory, (ledger) => ({
        orders: ledger.recent(100_000),
        report: ledger.verify(),
        owed: ledger.owed(),
        interrupted: interruptedCalls(ledger),
      }));
      expect(report.problems).toEqual([]);
      expect(owed).toEqual([]);
      const clientSns = new Set(orders.map(({ clientSn }) => clientSn));
      expect(acknowledged.filter((clientSn) => !clientSns.has(clientSn))).toEqual([]);
      await expectTruth(orders);
      expect(problemsOf(directory, gateway.file, { terminalSn })).toEqual([]);
      for (const { clientSn, state } of orders) {
        known.clientSns.add(clientSn);
        known.states.add(state);
      }
      for (const call of Object.keys(interrupted)) known.interrupted.add(call);
      const states = Object.groupBy(orders, ({ state }) => state);
      const counts = Object.entries(states).map(([state, { length }]) => `${length} ${state}`);
      await annotate(
        `${ROUNDS} kills, ${opened} of them after recovery; ${orders.length} orders (${counts.join(', ')}), ` +
          `${report.entries} entries; restarts met ${JSON.stringify(interrupted)}`,
      );
    },
  );
});

describe('A gateway whose terminals were killed', () => {
  it('was never asked to pay for an order that no ledger knows', async () => {
    const asked = (await gateway.wireLog()).filter(({ call }) => call === 'pay');
    expect(asked.length).toBeGreaterThan(ROUNDS);
    expect(
      asked.map(({ clientSn }) => clientSn).filter((sn) => sn === null || !known.clientSns.has(sn)),
    ).toEqual([]);
  });

  it('had been left with every call on its way, and with sales of every end', () => {
    expect([...known.interrupted]).toEqual(expect.arrayContaining(['pay', 'query', 'cancel', 'revoke']));
    expect([...known.states]).toEqual(expect.arrayContaining(['paid', 'reversed', 'revoked', 'attention']));
  });
});
