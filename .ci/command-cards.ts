import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeQR } from 'qr';
import { LANGUAGES } from '../renderer/strings/languages.ts';
import { drawPage } from './command-cards-page.ts';
import { CARD_GROUPS, fileOf, textOf } from './command-cards-table.ts';

/**
 * Draws the command cards: their codes as pictures, and a sheet of them in each language as a page. They are
 * kept in the repository, so that no script has to draw them; run it again after a card or a word has changed.
 */

const PICTURES = 'renderer/command-cards';
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
    if (!isDark || row[x - 1]) return [];
    const end = row.indexOf(false, x);
    return [{ x, length: (end === -1 ? row.length : end) - x }];
  });
}

/** Every file of the sheets, by its path: a picture for each card, a page for each language. */
export function drawCards(): ReadonlyMap<string, string> {
  const cards = Object.values(CARD_GROUPS).flat();
  return new Map([
    ...cards.map((card) => [join(PICTURES, fileOf(card)), drawCode(textOf(card))] as const),
    ...LANGUAGES.map((language) => [`renderer/command-cards-${language}.html`, drawPage(language)] as const),
  ]);
}

if (import.meta.main) {
  const files = drawCards();
  // A card that is gone takes its picture along.
  await rm(PICTURES, { recursive: true, force: true });
  await mkdir(PICTURES, { recursive: true });
  await Promise.all([...files].map(([path, text]) => writeFile(path, text)));
  process.stderr.write(`Drew ${files.size} files of the command cards\n`);
}
