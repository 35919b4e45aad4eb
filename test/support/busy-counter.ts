import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openTerminal } from '../../main/open-terminal.ts';
import type { Terminal } from '../../main/terminal.ts';
import type { Actor } from '../../shared/order/event.ts';
import { isUndecided, type Order } from '../../shared/order/order.ts';
import { pick, seededRandom } from './seeded-random.ts';

/**
 * A counter on a bad day, for as long as it lives: sale after sale, several undecided at once, people who
 * give up, revoke and refund. It recovers what the process before it left, says so, and names every sale
 * that the screen would show as collecting. Somebody else kills it.
 *
 * Run by Node itself: `node test/support/busy-counter.ts '{ "directory": …, "seed": …, "lane": …, "round": … }'`.
 */
export interface BusyDay {
  readonly directory: string;
  readonly seed: number;
  /** Which counter of how many, and which of its lives: together they make payment codes that nobody else has. */
  readonly lane: number;
  readonly round: number;
  /** Amounts end in these; half of them end well, so that there is something to revoke. */
  readonly endings: readonly [string, ...string[]];
}

/** What it says once the terminal is open and has begun to send what is owed. */
export const OPEN = 'open\n';

/** What it says when a sale is on disk. */
export const COLLECTING = 'collecting ';

/** Nobody waits longer for it; without this it could outlive a test that was itself killed. */
const LONGEST_LIFE_MS = 20_000;

/** More would only make the last recovery long. */
const MOST_UNDECIDED = 10;

/** Orders of the lives before it that people still ask something of. */
const MOST_REMEMBERED = 30;

const LONGEST_PAUSE_MS = 60;

const CASHIER: Actor = { kind: 'operator', name: 'cashier' };
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function trade(terminal: Terminal, { seed, lane, round, endings }: BusyDay): Promise<never> {
  const random = seededRandom(seed);
  const known = terminal.snapshot().orders.slice(0, MOST_REMEMBERED);
  const clientSns = known.map(({ clientSn }) => clientSn);
  for (let sale = 1; ; sale += 1) {
    const orders = clientSns.flatMap((clientSn) => knownOrder(terminal, clientSn));
    const moving = orders.filter(({ state }) => isUndecided(state) && state !== 'attention');
    if (moving.length < MOST_UNDECIDED) {
      // An impatient cashier rings the same sale up once more.
      const again = random() < 0.1 ? moving[0] : undefined;
      const ending = random() < 0.5 ? '34' : pick(random, endings);
      const amount = again === undefined ? `7.${ending}` : (again.amountMinor / 100).toFixed(2);
      const name = [lane, round, sale].map((part) => String(part).padStart(4, '0')).join('');
      const saleId = again?.saleId ?? `sale-${name}`;
      const input = { amount, code: `2800${name}`, saleId };
      const collected = terminal.collect(input, again !== undefined, CASHIER);
      if (collected.ok) {
        writeSync(1, `${COLLECTING}${collected.value.clientSn}\n`);
        clientSns.push(collected.value.clientSn);
      }
    }
    command(terminal, orders, random);
    await pause(random() * LONGEST_PAUSE_MS);
  }
}

function knownOrder(terminal: Terminal, clientSn: string): Order[] {
  const found = terminal.find(clientSn);
  return found.ok ? [found.value] : [];
}

/** What people ask of some order; most of it is refused, which changes nothing. */
function command(terminal: Terminal, orders: readonly Order[], random: () => number): void {
  const order = orders[Math.floor(random() * orders.length)];
  const chance = random();
  if (order === undefined || chance < 0.3) return;
  if (isUndecided(order.state)) terminal.command(order.clientSn, { type: 'gave_up' }, CASHIER);
  else if (chance < 0.6) terminal.revoke(order.clientSn, 'goods came back', CASHIER);
  else terminal.refund(order.clientSn, 'goods came back', CASHIER);
}

if (import.meta.main) {
  setTimeout(() => process.exit(1), LONGEST_LIFE_MS);
  const day = JSON.parse(process.argv[2] ?? 'null') as BusyDay;
  const opened = openTerminal({ directory: day.directory, log: SILENT, practice: false });
  if (!opened.ok) {
    writeSync(1, `refused: ${opened.error.code}\n`);
    process.exit(1);
  }
  opened.value.terminal.start();
  writeSync(1, OPEN);
  await trade(opened.value.terminal, day);
}
