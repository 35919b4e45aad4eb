import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium, headless; `CHROMIUM` overrides where it is. The caller closes it. */
export function launchBrowser(): Promise<Browser> {
  // Chromium refuses to run its sandbox as root, which is what containers are.
  const isRoot = process.getuid?.() === 0;
  const args = isRoot ? ['--no-sandbox', ...ARGUMENTS] : ARGUMENTS;
  return chromium.launch({ executablePath: chromiumPath(), args });
}

function chromiumPath(): string {
  const override = process.env['CHROMIUM'];
  if (override !== undefined && override !== '') return override;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('No Chromium found. Run .ci/ensure-programs, or set CHROMIUM to its path.');
  return found;
}
