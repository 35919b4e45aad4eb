import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';

/**
 * Draws the icons of the installed program from the page's own icon, in each form that a system wants. They are kept
 * in the repository, so that packing needs neither a browser nor a converter that would have to be fetched.
 */

const SOURCE = 'renderer/icon.svg';
const OUTPUT = 'main/electron/install/icons';

const LINUX_SIZES = [16, 32, 48, 64, 128, 256, 512];
const WINDOWS_SIZES = [16, 24, 32, 48, 64, 256];
/** Apple's four letters for a PNG of each size. */
const MACOS_SIZES = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024 } as const;

interface Picture {
  readonly size: number;
  readonly png: Buffer;
}

/** The container of `.ico`: a table of contents, then the pictures. */
function windowsIcon(pictures: readonly Picture[]): Buffer {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index;
    // A byte holds the size; 256 does not fit and is written as zero.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/** The container of `.icns`: for each picture its kind and its length, which counts these eight bytes too. */
function macosIcon(pictures: ReadonlyMap<string, Buffer>): Buffer {
  const parts = [...pictures].map(([kind, png]) => Buffer.concat([chunkHeader(kind, png.length), png]));
  const body = Buffer.concat(parts);
  return Buffer.concat([chunkHeader('icns', body.length), body]);
}

function chunkHeader(kind: string, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.write(kind, 'latin1');
  header.writeUInt32BE(length + 8, 4);
  return header;
}

async function draw(page: Page, svg: string, size: number): Promise<Picture> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${svg}`);
  return { size, png: await page.screenshot({ omitBackground: true }) };
}

const svg = await readFile(SOURCE, 'utf8');
const browser = await launchBrowser();
const page = await browser.newPage();
const drawn = new Map<number, Picture>();
for (const size of new Set([...LINUX_SIZES, ...WINDOWS_SIZES, ...Object.values(MACOS_SIZES)])) {
  drawn.set(size, await draw(page, svg, size));
}
await browser.close();

const picture = (size: number): Picture => drawn.get(size) ?? { size, png: Buffer.alloc(0) };
await mkdir(OUTPUT, { recursive: true });
for (const size of LINUX_SIZES) await writeFile(`${OUTPUT}/${size}x${size}.png`, picture(size).png);
await writeFile(`${OUTPUT}/icon.ico`, windowsIcon(WINDOWS_SIZES.map(picture)));
const macos = Object.entries(MACOS_SIZES).map(([kind, size]) => [kind, picture(size).png] as const);
await writeFile(`${OUTPUT}/icon.icns`, macosIcon(new Map(macos)));
