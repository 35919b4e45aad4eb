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

/**
 * Starts the practice gateway beside a terminal without settings. Practice keeps its own directory, so
 * that practice orders and real ones can never meet. The gateway ends with this process, however this
 * process ends, because it watches its standard input.
 *
 * @param command how to run the command line: the program and the arguments before `gateway`
 * @param environment what the gateway's process inherits
 */
export async function startPractice(
  directory: string,
  command: readonly [program: string, ...arguments_: string[]],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Result<Practice, Failure>> {
  const made = makeDirectory(directory);
  if (!made.ok) return made;
  const [program, ...before] = command;
  const child = spawn(
    program,
    [...before, '--json', 'gateway', '--data', join(directory, 'gateway.db'), '--with-parent'],
    { stdio: ['pipe', 'pipe', 'inherit'], env: environment },
  );
  const stop = (): void => {
    child.stdin.end();
  };
  const line = await firstLine(child.stdout);
  const ready = readySchema.safeParse(parseLine(line));
  if (!ready.success || child.pid === undefined) {
    stop();
    return err(failure('acquirer_unreachable', 'the practice gateway did not start'));
  }
  const prepared = prepareTerminal(directory, ready.data);
  if (!prepared.ok) {
    stop();
    return prepared;
  }
  return ok({ directory, gatewayUrl: ready.data.url, stop });
}

function prepareTerminal(directory: string, ready: z.infer<typeof readySchema>): Result<void, Failure> {
  const settings = parseSettings(ready.settings);
  if (!settings.ok) return settings;
  const saved = saveSettings(directory, settings.value);
  if (!saved.ok) return saved;
  const { terminalSn } = settings.value.terminal;
  const { terminalKey } = ready.keyFile;
  const keys = FileTerminalKeys.open(directory, settings.value.terminal);
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
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
