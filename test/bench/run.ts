import { writeFileSync } from 'node:fs';
import { Argument, Command, CommanderError } from 'commander';
import { EXIT } from '../../shared/errors.ts';
import { BENCHES } from './benches.ts';
import type { Bench } from './figure.ts';
import { inWords, writeReport } from './report.ts';
import { describeMachine, mergeRows, readRows, toRow, writeRows, type Machine, type Row } from './results.ts';

interface Options {
  readonly quick: boolean;
  readonly json?: string;
  readonly write: boolean;
  readonly render: boolean;
}

const A_ROW_FAILED = 1;

const program = new Command('npm run bench --')
  .description(
    'Measures ours against references, alternately in one run. Without a name all rows run, and docs/BENCHMARKS.md is written.',
  )
  .addArgument(new Argument('[names...]', 'rows to run').choices(BENCHES.map(({ name }) => name)))
  .option('--quick', 'fewer rounds: all rows within two minutes; nothing is kept', false)
  .option('--json <file>', 'writes every figure to this file')
  .option('--write', 'keeps the rows that are named in docs/BENCHMARKS.md', false)
  .option('--render', 'measures nothing: draws docs/BENCHMARKS.md from what was kept', false)
  .addHelpText('after', `\n${BENCHES.map(({ id, name, about }) => `${id}. ${name}: ${about}`).join('\n')}`)
  .exitOverride();

try {
  program.parse();
  const { quick, write, render, json } = program.opts<Options>();
  const names = program.args;
  if (quick && write) program.error('error: what --quick measures is not kept, so --write cannot go with it');
  if (render) await writeReport(readRows());
  else await measure(names, { quick, json, isKept: write || (names.length === 0 && !quick) });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}

async function measure(
  names: readonly string[],
  {
    quick,
    json,
    isKept,
  }: { readonly quick: boolean; readonly json: string | undefined; readonly isKept: boolean },
): Promise<void> {
  const machine = await describeMachine();
  const wanted = names.length === 0 ? BENCHES : BENCHES.filter(({ name }) => names.includes(name));
  const rows: Row[] = [];
  for (const [index, bench] of wanted.entries()) {
    const row = await runOne(bench, `[${index + 1}/${wanted.length}] ${bench.name}`, quick, machine);
    if (row === null) process.exitCode = A_ROW_FAILED;
    else {
      rows.push(row);
      process.stdout.write(inWords(row));
    }
  }
  if (json !== undefined)
    writeFileSync(
      json,
      `${JSON.stringify(
        rows.flatMap(({ figures }) => figures),
        null,
        2,
      )}\n`,
    );
  if (!isKept) return;
  const kept = mergeRows(readRows(), rows);
  await writeRows(kept);
  await writeReport(kept);
}

/** A row that fails says so, and the others still run. */
async function runOne(bench: Bench, head: string, quick: boolean, machine: Machine): Promise<Row | null> {
  const progress = (text: string) => process.stderr.write(`${head}: ${text}\n`);
  const startedMs = performance.now();
  progress('…');
  try {
    const measured = await bench.run({ quick, progress });
    progress(`done in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    return toRow(bench, measured, new Date().toISOString().slice(0, 10), machine);
  } catch (error) {
    progress(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return null;
  }
}
