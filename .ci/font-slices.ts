import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * The Chinese font comes in a hundred slices, each with the characters it covers, and a browser reads the
 * rules of all of them before it paints anything. The few slices that hold the words of the screen stand in
 * the page's own sheet; the others, for names and goods that people type, follow after the first frame.
 */

const PACKAGE = '@fontsource-variable/noto-sans-sc';
const WORDS = 'renderer/strings';
const OUTPUT = 'renderer/generated';

/** Writes `fonts-words.css` and `fonts-others.css`; neither is kept in git. */
export async function writeFontSlices(): Promise<void> {
  const file = createRequire(import.meta.url).resolve(`${PACKAGE}/index.css`);
  const faces = (await readFile(file, 'utf8'))
    .split(/(?=@font-face)/)
    .filter((text) => text.includes('src:'));
  const points = await charactersOfWords();
  const isNeeded = (face: string) =>
    rangesOf(face).some(([from, to]) => points.some((at) => at >= from && at <= to));
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(`${OUTPUT}/fonts-words.css`, withPackageUrls(faces.filter(isNeeded)));
  await writeFile(`${OUTPUT}/fonts-others.css`, withPackageUrls(faces.filter((face) => !isNeeded(face))));
}

async function charactersOfWords(): Promise<readonly number[]> {
  // The service page has words of its own and takes all slices; the till waits for none of them.
  const names = (await readdir(WORDS)).filter((name) => !name.startsWith('service'));
  const texts = await Promise.all(names.map((name) => readFile(`${WORDS}/${name}`, 'utf8')));
  return [...new Set(texts.join(''))].map((character) => character.codePointAt(0) ?? 0);
}

function rangesOf(face: string): readonly (readonly [from: number, to: number])[] {
  const ranges = /unicode-range:\s*([^;]+);/.exec(face)?.[1]?.split(',') ?? [];
  return ranges.map((range) => {
    const [from = '0', to = from] = range.trim().replace('U+', '').split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  });
}

function withPackageUrls(faces: readonly string[]): string {
  return faces.join('').replaceAll('url(./files/', `url(${PACKAGE}/files/`);
}
