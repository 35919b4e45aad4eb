import { createHash } from 'node:crypto';
import { httpDate } from '../../main/training/http-date.ts';
import { checkHistory } from '../checker/check-history.ts';
import { must } from '../support/must.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SPOKEN, type SetUp } from '../support/protocols.ts';
import { importClientKeys } from '../../main/settings/client-keys.ts';
import { assertNever } from '../../shared/assert.ts';
import { Line } from './line.ts';
import { People } from './people.ts';
import type { Edge, Happening, Plan } from './plan.ts';
import { makeGatewayTemplate, SimulatedGateway, type GatewayTemplate } from './simulated-gateway.ts';
import { steadyPlatform } from './platform.ts';
import { Tally, type Counts } from './tally.ts';
import { makeLedgerTemplate, Till } from './till.ts';
import { settled, VirtualTime } from './virtual-time.ts';
import { Watch } from './watch.ts';

const MINUTE_MS = 60_000;
/** Once nothing goes wrong any more, everything that needs no person is decided within this long. */
export const LIVENESS_MS = 20 * MINUTE_MS;
/** The lead comes by this often, and has tried every way out after a few visits. */
const VISIT_MS = 2 * MINUTE_MS;
const MOST_VISITS = 12;
/** A program that does more at one instant is going round in circles. */
const MOST_STEPS_AT_ONCE = 2000;

/** What a run came to. */
export interface Run {
  readonly plan: Plan;
  /** What did not hold; empty where everything did. */
  readonly violations: readonly string[];
  /** Everything that happened, one line each, with the virtual time in seconds. */
  readonly history: readonly string[];
  /** Of the history: the same for the same plan. */
  readonly digest: string;
  readonly counts: Counts;
}

/** What runs of one process share, because it takes long to make. */
export type World = Awaited<ReturnType<typeof makeWorld>>;

export async function makeWorld() {
  steadyPlatform();
  const gateway = await makeGatewayTemplate();
  for (const protocol of ['alipayplus', 'miniprogram'] as const)
    must(await importClientKeys(gateway.keys.protocolConfig(protocol).keyFile));
  const tills = await Promise.all(
    SPOKEN.map(async (protocol) => {
      const deviceId = 'simulated';
      const identity = await protocol.identify(gateway.keys, deviceId);
      const setUp: SetUp = {
        gateway: gateway.keys,
        identity,
        deviceId,
        apiDomain: 'http://127.0.0.1',
        policy: {},
      };
      return { protocol, identity, setUp, settings: protocol.settings(setUp) };
    }),
  );
  const [first] = tills;
  if (first === undefined) throw new Error('No protocol is spoken');
  const ledger = makeLedgerTemplate(first.settings);
  return { gateway, tills, ledgerFile: ledger.file, remove: ledger.remove };
}

/** Plays one plan to its end, or to the first thing that does not hold. */
export async function simulate(plan: Plan, world: World): Promise<Run> {
  const simulation = new Simulation(plan, world);
  try {
    return await simulation.run();
  } finally {
    simulation.close();
  }
}

class Simulation {
  readonly #plan: Plan;
  readonly #time = new VirtualTime();
  readonly #tally = new Tally();
  readonly #history: string[] = [];
  readonly #gateway: SimulatedGateway;
  readonly #line: Line;
  readonly #watch: Watch;
  readonly #till: Till;
  readonly #people: People;
  readonly #codes: string[] = [];
  readonly #misled = new Set<string>();
  readonly #edges = new Map<Edge, number>();
  readonly #deaths: Extract<Happening, { kind: 'death' }>[];
  readonly #terminalSn: string;
  #isQuiet = false;

  constructor(plan: Plan, { gateway, tills, ledgerFile }: World) {
    const setUp = tills[plan.protocol] ?? tills[0];
    if (setUp === undefined) throw new Error('No protocol is spoken');
    const time = this.#time;
    const tally = this.#tally;
    const note = (text: string): void => this.#note(text);
    const streams = (name: number) => seededRandom(plan.seed * 31 + name);
    this.#plan = plan;
    this.#deaths = plan.happenings.filter((each) => each.kind === 'death');
    this.#terminalSn = setUp.identity.terminalSn;
    this.#gateway = new SimulatedGateway(
      gateway satisfies GatewayTemplate,
      { nowMs: () => Math.round(plan.startAtMs + time.nowMs), monotonicMs: () => time.nowMs },
      streams(1),
    );
    const netMinor = (clientSn: string): number | null => this.#gateway.netMinor(clientSn);
    this.#watch = new Watch({ tally, note, netMinor, committedSeq: () => this.#till.committedSeq() });
    this.#line = new Line({
      time,
      gateway: this.#gateway,
      random: streams(2),
      tally,
      note,
      onRepeated: (clientSn) => this.#misled.add(clientSn),
    });
    this.#till = new Till({
      time,
      line: this.#line,
      watch: this.#watch,
      tally,
      note,
      settings: setUp.settings,
      protocol: setUp.protocol,
      ledgerTemplate: ledgerFile,
      storeKeys: (directory) => setUp.protocol.storeKeys(directory, setUp.setUp, false),
      random: streams(3),
      startAtMs: plan.startAtMs,
      landAfterMs: plan.landAfterMs,
      diesAt: (edge) => this.#deathAt(edge),
    });
    this.#people = new People({
      time,
      till: this.#till,
      tally,
      note,
      codes: this.#codes,
      netMinor,
      fail: (what) => this.#watch.fail(what),
    });
  }

  async run(): Promise<Run> {
    const { previousKeyTrades, landAfterMs, quietFromMs, happenings, startAtMs } = this.#plan;
    await this.#gateway.ready();
    this.#gateway.acquiring.conditions.change({ previousKeyTrades, landAfterMs });
    this.#note(`the acquirer's time is ${httpDate(startAtMs)}`);
    this.#till.start();
    await settled();
    for (const happening of happenings)
      if (happening.kind !== 'death') this.#time.after(happening.atMs, () => this.#happen(happening));
    await this.#passUntil(quietFromMs);
    await this.#becomeQuiet();
    await this.#passUntil(quietFromMs + LIVENESS_MS, () => !this.#people.isMoving);
    for (const { clientSn, state } of this.#people.moving)
      this.#watch.fail(
        `${clientSn} is still ${state} ${LIVENESS_MS / MINUTE_MS} minutes after the last fault`,
      );
    for (let visit = 0; visit < MOST_VISITS && this.#watch.violation === null; visit += 1) {
      this.#people.leadVisits();
      await this.#passUntil(this.#time.nowMs + VISIT_MS);
      await this.#passUntil(this.#time.nowMs + LIVENESS_MS, () => this.#till.terminal?.isIdle() === true);
      if (!this.#people.isNeeded) break;
    }
    return this.#end();
  }

  /** Lets time pass; one thing happens after another, each until it has run out. */
  async #passUntil(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    let stoodAtMs = -1;
    let steps = 0;
    while (this.#watch.violation === null && !isDone() && this.#time.step(untilMs)) {
      await settled();
      this.#till.buryGhosts();
      steps = this.#time.nowMs === stoodAtMs ? steps + 1 : 0;
      stoodAtMs = this.#time.nowMs;
      if (steps > MOST_STEPS_AT_ONCE)
        this.#watch.fail(`${steps} things happened in one millisecond, and no end of it`);
    }
  }

  #happen(happening: Exclude<Happening, { kind: 'death' }>): void {
    const { conditions, script, terminals } = this.#gateway.acquiring;
    if (happening.kind !== 'sale') this.#tally.fault(happening.kind);
    if (happening.kind !== 'sale') this.#note(`plan: ${JSON.stringify(happening)}`);
    switch (happening.kind) {
      case 'sale':
        return this.#people.sell(happening);
      case 'weather':
        return this.#line.turn(happening.weather, happening.lastsMs);
      case 'fault':
        return script.add({ fault: happening.fault, call: happening.call, times: 1 });
      case 'kill':
        this.#till.die();
        return this.#startLater(happening);
      case 'restart':
        return void this.#till.stop(happening.drainMs).then(() => this.#startLater(happening));
      case 'clock':
        return this.#till.setClock(happening.byMs);
      case 'rotate':
        return void terminals.rotateKey(this.#terminalSn);
      case 'unregister':
        conditions.change({ clientKeyAccepted: false });
        return void this.#time.after(happening.lastsMs, () => conditions.change({ clientKeyAccepted: true }));
      case 'disk_full':
        this.#till.isDiskFull = true;
        return void this.#time.after(happening.lastsMs, () => {
          this.#till.isDiskFull = false;
        });
      case 'lead_visits':
        return this.#people.leadVisits();
      case 'press_retry':
        return this.#people.pressRetry();
      default:
        return assertNever(happening);
    }
  }

  #startLater({ downMs, clockByMs }: { readonly downMs: number; readonly clockByMs: number }): void {
    this.#till.setClock(clockByMs);
    this.#time.after(downMs, () => this.#till.start());
  }

  /** Counts the times an edge is passed, and kills the process at those that the plan names. */
  #deathAt(edge: Edge): (() => void) | null {
    const passed = (this.#edges.get(edge) ?? 0) + 1;
    this.#edges.set(edge, passed);
    if (this.#isQuiet) return null;
    const death = this.#deaths.find((each) => each.edge === edge && each.nth === passed);
    if (death === undefined) return null;
    return () => {
      this.#tally.fault(`death/${edge}`);
      this.#note(`plan: ${JSON.stringify(death)}`);
      this.#till.die();
      this.#startLater(death);
    };
  }

  /** Every fault ends: the line is whole, the disk takes what comes, the clock is right, the keys are known. */
  async #becomeQuiet(): Promise<void> {
    this.#isQuiet = true;
    this.#note('everything is well from here on');
    this.#line.calm();
    this.#gateway.acquiring.script.clear();
    this.#gateway.becomeWell();
    this.#till.isDiskFull = false;
    this.#till.correctClock();
    await settled();
    this.#bringKey();
    this.#till.start();
    await settled();
  }

  /** Two check-ins in a row whose answers were lost leave a terminal without a key that is known: IT brings one. */
  #bringKey(): void {
    if (this.#plan.protocol !== 0) return;
    this.#time.after(VISIT_MS, () => this.#bringKey());
    const { terminalKey } = this.#gateway.acquiring.terminals.credentials();
    if (this.#till.keys(this.#terminalSn).includes(terminalKey)) return;
    this.#note('IT gives the terminal the key that the acquirer has for it');
    this.#till.die();
    this.#till.giveKey(this.#terminalSn, terminalKey);
    this.#time.after(1000, () => this.#till.start());
  }

  #end(): Run {
    if (this.#watch.violation === null) this.#checkTheEnd();
    const { counts } = this.#tally;
    counts.runs = 1;
    counts.virtualMs = Math.round(this.#time.nowMs);
    counts.orders = this.#watch.orders.size;
    counts.entries = this.#till.ledger?.lastSeq() ?? 0;
    for (const { state } of this.#watch.orders.values()) this.#tally.end(state);
    const violations = this.#watch.violation === null ? [] : [this.#watch.violation];
    const digest = createHash('sha256').update(this.#history.join('\n')).digest('hex');
    return { plan: this.#plan, violations, history: this.#history, digest, counts };
  }

  #checkTheEnd(): void {
    const { ledger } = this.#till;
    if (ledger === null) return this.#watch.fail('no process is left at the end');
    const { problems } = ledger.verify();
    for (const problem of problems) this.#watch.fail(`the ledger does not verify: ${problem}`);
    for (const order of this.#watch.orders.values()) {
      const onDisk = ledger.order(order.clientSn);
      if (JSON.stringify(onDisk) !== JSON.stringify(order))
        this.#watch.fail(`${order.clientSn} is not on disk as it was committed`);
      if (order.owed !== null) this.#watch.fail(`${order.clientSn} still owes ${order.owed.call} at the end`);
      if (order.state === 'attention')
        this.#watch.fail(`${order.clientSn} needs a person still, whatever the lead has done`);
    }
    this.#checkSales();
    const disagreements = checkHistory({
      journal: this.#till.journal(),
      gatewayOrders: this.#gateway.truths(),
      wire: this.#gateway.wire(),
      sent: this.#watch.sent,
      misled: [...this.#misled],
      secrets: this.#codes,
    });
    for (const disagreement of disagreements) this.#watch.fail(`checker: ${disagreement}`);
  }

  /** A sale is paid once or not at all, whatever was tried for it; a person's word stands apart. */
  #checkSales(): void {
    const bySale = Map.groupBy(this.#watch.orders.values(), ({ saleId }) => saleId);
    for (const [saleId, orders] of bySale) {
      if (orders.some(({ state }) => state === 'attention' || state === 'resolved')) continue;
      const net = orders.reduce((sum, { clientSn }) => sum + (this.#gateway.netMinor(clientSn) ?? 0), 0);
      const amounts = orders.map(({ amountMinor }) => amountMinor);
      if (net !== 0 && !amounts.includes(net))
        this.#watch.fail(`sale ${saleId}: the acquirer holds ${net} of ${amounts.join(' and ')}`);
    }
  }

  #note(text: string): void {
    this.#history.push(`${(this.#time.nowMs / 1000).toFixed(3)} ${text}`);
  }

  close(): void {
    this.#till.remove();
    this.#gateway.close();
  }
}
