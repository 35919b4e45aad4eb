import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { parseSettings } from '../shared/settings.ts';
import { makeDirectory } from './settings/files.ts';
import { FileTerminalKeys, storeTerminalKey } from './settings/key-store.ts';
import { saveSettings } from './settings/settings-store.ts';

/** What `redress gateway --json` prints when it is ready. */
const readySchema = z.object({
  url: z.string(),
  settings: z.unknown(),
  keyFile: z.object({ terminalKey: z.string() }),
});

/** A practice gateway in its own process, and the data directory of a terminal set up for it. */
export interface Practice {
  readonly directory: string;
  readonly gatewayUrl: string;
  stop(): void;
}

/** The practice gateway's own process, as whoever started it sees it. */
export interface GatewayProgram {
  /** What it prints; the first line says that it is ready. */
  readonly stdout: NodeJS.ReadableStream;
  stop(): void;
}

/** Starts the command line once more, in a process of its own that ends with this one. */
export type LaunchGateway = (arguments_: readonly string[]) => GatewayProgram;

/**
 * Launches through a program that runs the command line. The gateway watches its standard input, so it ends
 * however this process ends.
 *
 * @param command the program and the arguments before `gateway`
 */
export function spawnedGateway(
  command: readonly [program: string, ...arguments_: string[]],
  environment: Readonly<Record<string, string | undefined>>,
): LaunchGateway {
  const [program, ...before] = command;
  return (arguments_) => {
    const child = spawn(program, [...before, ...arguments_, '--with-parent'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: environment,
    });
    // A program that is not there is told by this; without a listener it would be a bug.
    child.on('error', () => child.stdout.destroy());
    return { stdout: child.stdout, stop: () => child.stdin.end() };
  };
}

/**
 * Starts the practice gateway beside a terminal without settings. Practice keeps its own directory, so
 * that practice orders and real ones can never meet.
 */
export async function startPractice(
  directory: string,
  launch: LaunchGateway,
): Promise<Result<Practice, Failure>> {
  const made = makeDirectory(directory);
  if (!made.ok) return made;
  const gateway = launch(['--json', 'gateway', '--upay-only', '--data', join(directory, 'gateway.db')]);
  const line = await firstLine(gateway.stdout);
  const ready = readySchema.safeParse(parseLine(line));
  if (!ready.success) {
    gateway.stop();
    return err(failure('acquirer_unreachable', 'the practice gateway did not start'));
  }
  const prepared = prepareTerminal(directory, ready.data);
  if (!prepared.ok) {
    gateway.stop();
    return prepared;
  }
  return ok({ directory, gatewayUrl: ready.data.url, stop: () => gateway.stop() });
}

function prepareTerminal(directory: string, ready: z.infer<typeof readySchema>): Result<void, Failure> {
  const parsed = parseSettings(ready.settings);
  if (!parsed.ok) return parsed;
  const settings = parsed.value;
  // Practice speaks Upay, which a shop without settings of its own is most likely to meet.
  if (settings.protocol !== 'upay') return err(failure('settings_invalid', 'protocol: practice speaks upay'));
  const saved = saveSettings(directory, settings);
  if (!saved.ok) return saved;
  const { terminalSn } = settings.terminal;
  const { terminalKey } = ready.keyFile;
  const keys = FileTerminalKeys.open(directory, settings.terminal);
  if (keys.ok && keys.value.current() === terminalKey) return ok(undefined);
  return storeTerminalKey(directory, terminalSn ?? '', terminalKey);
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    stream.on('end', () => resolve(text));
    stream.on('close', () => resolve(text));
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
