import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BrowserHost, startBrowserHost } from '../../main/browser/host.ts';
import type { HostedTerminal } from '../../main/hosted-terminal.ts';
import { systemTimers, type Timers } from '../../main/shell/clock.ts';

export interface HostedScreenOptions {
  readonly terminal: HostedTerminal;
  readonly port?: number;
  readonly sessionSecret?: string;
  readonly timers?: Timers;
}

/** The real browser host with the built screen in front of any terminal. The caller closes it. */
export async function hostScreen(options: HostedScreenOptions): Promise<BrowserHost> {
  const assetsDir = resolve('dist/renderer');
  if (!existsSync(assetsDir)) throw new Error('The screen is not built. Run `npm run build`.');
  const host = await startBrowserHost({
    port: 0,
    timers: systemTimers,
    sessionSecret: 'only for tests, only for tests, only',
    ...options,
    assetsDir,
    newToken: () => randomBytes(32).toString('hex'),
    operator: 'cashier',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  if (!host.ok) throw new Error(`The browser host did not start: ${host.error.code}`);
  return host.value;
}
