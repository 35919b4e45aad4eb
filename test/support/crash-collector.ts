import { once } from 'node:events';
import { Ledger } from '../../main/ledger/ledger.ts';
import { lockDirectory } from '../../main/ledger/lock.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import type { Result } from '../../shared/result.ts';

/**
 * A program that holds a data directory's lock, or collects until its disk refuses, then once more with
 * the same code when a line on stdin says that there is space again, or insists on a few sales on a disk that fails
 * now and then. Prints JSON lines.
 */
const [, , does = '', directory = ''] = process.argv;

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function collect(ledger: Ledger, index: number) {
  const atMs = Date.parse('2026-11-20T04:00:00Z') + index;
  return ledger.collect(
    {
      type: 'collect_requested',
      clientSn: `sale-${index}`,
      saleId: `sale-${index}`,
      terminalSn: '1',
      amountMinor: 1234,
      currency: 'CNY',
      subject: 'Tea'.repeat(20),
      operator: 'Ada',
      businessDay: '2026-11-20',
      cancelUntilMs: null,
      atMs,
      serverOffsetMs: 0,
      random: 0.5,
      actor: { kind: 'terminal', name: 'terminal' },
    },
    `28${String(index).padStart(16, '0')}`,
    false,
  );
}

async function fill(): Promise<void> {
  const opened = Ledger.open(`${directory}/ledger.db`, DEFAULT_POLICY);
  if (!opened.ok) return say({ failed: opened.error.code });
  const ledger = opened.value;
  for (let index = 0; index < 5000; index += 1) {
    const collected = collect(ledger, index);
    if (collected.ok) continue;
    say({ failed: 'code' in collected.error ? collected.error.code : collected.error.kind, index });
    await once(process.stdin, 'data');
    const again = collect(ledger, index);
    const { problems, orders } = ledger.verify();
    say({ again: again.ok, problems, orders, index });
    break;
  }
  ledger.close();
  process.stdin.destroy();
}

/** Whatever is refused is tried once more, as a cashier does; twice in a row is told. */
function insist(): void {
  const refused: string[] = [];
  const attempt = <Value>(what: () => Result<Value, object>, tries = 2): Value | null => {
    const result = what();
    if (result.ok) return result.value;
    refused.push('code' in result.error ? String(result.error.code) : JSON.stringify(result.error));
    return tries > 1 ? attempt(what, tries - 1) : null;
  };
  const ledger = attempt(() => Ledger.open(`${directory}/ledger.db`, DEFAULT_POLICY));
  if (ledger === null) return say({ refused });
  const sales = [0, 1, 2, 3].filter((index) => attempt(() => collect(ledger, index)) !== null);
  const { problems } = ledger.verify();
  say({ refused, sales, problems });
  ledger.close();
}

function hold(): void {
  const lock = lockDirectory(directory);
  say({ locked: lock.ok });
  setTimeout(() => process.exit(1), 60_000);
}

if (does === 'fill') await fill();
else if (does === 'insist') insist();
else hold();
