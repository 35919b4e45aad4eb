import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeQR } from 'qr';
import { CARD_GROUPS, fileOf, textOf } from '../renderer/command-cards.ts';

/**
 * Draws the codes of the command cards. They are kept in the repository as pictures, so that the page
 * needs no script to draw them; run it again after a card has changed.
 */

const FOLDER = 'renderer/assets/commands';
/** What the standard asks for around a code; scanners fail without it. */
const QUIET_MODULES = 4;

/** One picture: black on white whatever stands around it, one path, one unit for each module. */
export function drawCode(text: string): string {
  // One size for all of them, and a quarter of it may be scratched.
  const rows = encodeQR(text, 'raw', { version: 2, ecc: 'quartile', border: QUIET_MODULES });
  const path = rows.flatMap((row, y) =>
    runsOf(row).map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`),
  );
  const size = rows.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path.join('')}"/></svg>\n`
  );
}

function runsOf(row: readonly boolean[]): readonly { readonly x: number; readonly length: number }[] {
  return row.flatMap((isDark, x) => {
    if (!isDark || row[x - 1] === true) return [];
    const end = row.indexOf(false, x);
    return [{ x, length: (end === -1 ? row.length : end) - x }];
  });
}

/** Every picture of the sheet by its file's name. */
export function drawCards(): ReadonlyMap<string, string> {
  const cards = Object.values(CARD_GROUPS).flat();
  return new Map(cards.map((card) => [fileOf(card), drawCode(textOf(card))]));
}

if (import.meta.main) {
  const pictures = drawCards();
  await mkdir(FOLDER, { recursive: true });
  const stale = (await readdir(FOLDER)).filter((file) => !pictures.has(file));
  await Promise.all(stale.map((file) => rm(join(FOLDER, file))));
  await Promise.all([...pictures].map(([file, picture]) => writeFile(join(FOLDER, file), picture)));
  process.stderr.write(`Drew ${pictures.size} command cards in ${FOLDER}\n`);
}
