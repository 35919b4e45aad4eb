import { parseArgs } from 'node:util';
import { cancelInstant } from './cancel-instant.ts';
import { intentCommits } from './intent-commits.ts';
import type { Measure } from './measure.ts';
import { screenSpeed } from './screen-speed.ts';

/**
 * Every figure is taken alternately with its reference in the same run, because machines are shared
 * and noisy; the ratio or the difference counts, never the bare number.
 */
const MEASURES: Readonly<Record<string, () => Promise<Measure>>> = {
  'intent-commits': intentCommits,
  'cancel-instant': cancelInstant,
  screen: screenSpeed,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(MEASURES);
const results: Measure[] = [];
for (const [index, name] of names.entries()) {
  const run = MEASURES[name];
  if (run === undefined) {
    process.stderr.write(`No bench is called ${name}. There are: ${Object.keys(MEASURES).join(', ')}\n`);
    process.exitCode = 64;
    break;
  }
  process.stderr.write(`[${index + 1}/${names.length}] ${name} …\n`);
  results.push(await run());
}
if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
else for (const { name, lines } of results) process.stdout.write(`${name}\n  ${lines.join('\n  ')}\n`);
