import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Failure } from '../shared/errors.ts';
import { ok, type Result } from '../shared/result.ts';
import { startBrowserHost, type BrowserHost } from './browser/host.ts';
import { openTerminal } from './open-terminal.ts';
import { startPractice, type Practice } from './practice.ts';
import { makeDirectory, readJson, writeJson } from './settings/files.ts';
import { systemTimers } from './shell/clock.ts';
import type { Log } from './shell/log.ts';
import { systemToken } from './shell/token.ts';

export interface ServeOptions {
  readonly directory: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly operator: string;
  readonly log: Log;
  /** Where the build put the entries of main; the renderer lies beside it. */
  readonly distDirectory: string;
  /** The program that runs the built entries: this process's own. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Served {
  readonly host: BrowserHost;
  readonly practice: Practice | null;
  readonly stop: () => Promise<void>;
}

/** A reply that is on its way when the terminal closes is waited for this long; the rest stays owed. */
const DRAIN_MS = 5000;

/** Runs a terminal behind the browser host; without settings, in practice mode. */
export async function serve(options: ServeOptions): Promise<Result<Served, Failure>> {
  const { directory, distDirectory, program, environment } = options;
  const made = makeDirectory(directory);
  if (!made.ok) return made;
  if (existsSync(join(directory, 'settings.json'))) return serveDirectory(options, directory, null);
  const command = [program, join(distDirectory, 'redress.js')] as const;
  const practice = await startPractice(join(directory, 'practice'), command, environment);
  if (!practice.ok) return practice;
  const served = await serveDirectory(options, practice.value.directory, practice.value);
  if (!served.ok) practice.value.stop();
  return served;
}

async function serveDirectory(
  { port, operator, log, distDirectory }: ServeOptions,
  directory: string,
  practice: Practice | null,
): Promise<Result<Served, Failure>> {
  const opened = openTerminal({
    directory,
    log,
    practice: practice !== null,
    checkWorkerFile: join(distDirectory, 'ledger-check.js'),
  });
  if (!opened.ok) return opened;
  const { terminal } = opened.value;
  terminal.start();
  void terminal.ready();
  const host = await startRememberedHost(directory, port, (chosenPort, sessionSecret) =>
    startBrowserHost({
      terminal,
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
    await opened.value.stop(0);
    return host;
  }
  const stop = async (): Promise<void> => {
    await host.value.close();
    await opened.value.stop(DRAIN_MS);
    practice?.stop();
  };
  return ok({ host: host.value, practice, stop });
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
