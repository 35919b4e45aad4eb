import { join } from 'node:path';
import { z } from 'zod';
import type { Failure } from '../shared/errors.ts';
import { ok, type Result } from '../shared/result.ts';
import { startBrowserHost, type BrowserHost } from './browser/host.ts';
import { createStation, type CreateStationOptions } from './create-station.ts';
import { readJson, writeJson } from './settings/files.ts';
import { systemTimers } from './shell/clock.ts';
import { systemToken } from './shell/token.ts';

export interface ServeOptions extends CreateStationOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly operator: string;
}

export interface Served {
  readonly host: BrowserHost;
  /** Where the practice gateway listens; null outside practice. */
  readonly practiceGatewayUrl: string | null;
  readonly stop: () => Promise<void>;
}

/** A reply that is on its way when the terminal closes is waited for this long; the rest stays owed. */
const DRAIN_MS = 5000;

/** Runs a terminal behind the browser host; without settings, in practice mode. */
export async function serve(options: ServeOptions): Promise<Result<Served, Failure>> {
  const { directory, port, operator, log, distDirectory } = options;
  const station = createStation(options);
  const started = await station.start();
  if (!started.ok) {
    await station.stop(0);
    return started;
  }
  const host = await startRememberedHost(directory, port, (chosenPort, sessionSecret) =>
    startBrowserHost({
      terminal: station,
      port: chosenPort,
      assetsDir: join(distDirectory, '..', 'renderer'),
      newToken: systemToken,
      sessionSecret,
      operator,
      timers: systemTimers,
      log,
    }),
  );
  if (!host.ok) {
    await station.stop(0);
    return host;
  }
  station.onStanding((standing) => {
    if (standing === 'halted') host.value.dropScreens();
  });
  const stop = async (): Promise<void> => {
    await host.value.close();
    await station.stop(DRAIN_MS);
  };
  return ok({ host: host.value, practiceGatewayUrl: station.practiceGatewayUrl, stop });
}

const hostFileSchema = z.strictObject({
  sessionSecret: z.string().regex(/^[0-9a-f]{64}$/),
  port: z.number().int().min(1).max(65_535),
});

/**
 * Keeps the session secret and the port across restarts, so that a screen that was open reconnects by
 * itself after a crash. A remembered port that is taken meanwhile gives way to a free one.
 */
async function startRememberedHost(
  directory: string,
  port: number,
  start: (port: number, sessionSecret: string) => Promise<Result<BrowserHost, Failure>>,
): Promise<Result<BrowserHost, Failure>> {
  const file = join(directory, 'host.json');
  const stored = readJson(file);
  if (!stored.ok) return stored;
  const remembered = hostFileSchema.safeParse(stored.value).data;
  const sessionSecret = remembered?.sessionSecret ?? systemToken();
  const isChoiceOurs = port === 0;
  let host = await start(isChoiceOurs ? (remembered?.port ?? 0) : port, sessionSecret);
  if (!host.ok && isChoiceOurs && host.error.code === 'port_in_use') host = await start(0, sessionSecret);
  if (!host.ok || remembered?.port === host.value.port) return host;
  const written = writeJson(file, { sessionSecret, port: host.value.port });
  if (written.ok) return host;
  await host.value.close();
  return written;
}
