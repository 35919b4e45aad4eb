import { join } from 'node:path';
import {
  checkBinary,
  checkContents,
  checkFuses,
  checkIntegrity,
  checkPackages,
  checkPlants,
  checkUpdates,
} from './packed-checks.ts';
import { runPackedSale } from './packed-sale.ts';
import { packAll, type Packed } from './packed.ts';
import { createStage, type Stage } from './stage.ts';

/**
 * `npm run pack:check`: packs the built project for every platform with electron-builder itself, around a stand-in for
 * Electron's runtime, and looks at what came out; then the packed files take a payment and give it back. Needs neither
 * Electron nor a network. Ends with 1 and says what is wrong.
 */

const started = performance.now();

function say(what: string, found: string): void {
  process.stdout.write(`${what.padEnd(24)} ${found}\n`);
}

async function checkPacked(packed: Packed, stage: Stage): Promise<void> {
  const name = `${packed.platform} ${packed.architecture}`;
  say(`${name} fuses`, await checkFuses(packed));
  say(`${name} archive`, checkContents(packed, stage));
  say(`${name} packages`, checkPackages(packed, stage));
  say(`${name} binary`, checkBinary(packed, stage));
  say(`${name} integrity`, checkIntegrity(packed));
  say(`${name} secrets`, checkPlants(packed));
  say(`${name} updates`, checkUpdates(packed));
}

async function packCheck(stage: Stage): Promise<void> {
  const all = packAll(stage);
  say('pack', `${all.length} programs packed`);
  for (const packed of all) await checkPacked(packed, stage);
  const host = { linux: 'linux', win32: 'win', darwin: 'mac' }[process.platform as string];
  const own = all.find(({ platform, architecture }) => platform === host && architecture === process.arch);
  if (own === undefined) throw new Error(`nothing is packed for ${process.platform} ${process.arch}`);
  await runPackedSale(own, join(stage.directory, 'sale'), (step, found) => say(`packed ${step}`, found));
}

const stage = createStage();
try {
  await packCheck(stage);
  say('done', `in ${((performance.now() - started) / 1000).toFixed(0)} s`);
} catch (error) {
  process.stderr.write(
    `Not fit to be installed: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
} finally {
  stage.remove();
}
