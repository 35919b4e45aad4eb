import { EXIT, type ExitCode } from '../../../shared/errors.ts';
import { systemClock, systemTimers } from '../../shell/clock.ts';
import type { Terminal } from '../../terminal.ts';
import { interruption, withTerminal, type Context } from '../context.ts';

export interface WorkOptions {
  readonly untilIdle: boolean;
  readonly for?: number | undefined;
}

/** Idleness is looked at this often; it decides only when the command ends. */
const LOOK_MS = 50;
/** How often a person waiting for a long drain is told what is left. */
const PROGRESS_MS = 5000;

/** Runs the resolver alone: everything owed goes out, as if a host were open. */
export async function work(context: Context, options: WorkOptions): Promise<ExitCode> {
  const { console } = context;
  const finished = await withTerminal(context, async ({ terminal }) => {
    await runUntil(terminal, options, () => console.note(describeOwed(terminal)));
    return { idle: terminal.isIdle(), ...terminal.standing() };
  });
  if (!finished.ok) return console.fail(finished.error);
  const { idle, owed, attention } = finished.value;
  const summary = idle ? 'Nothing is owed.' : `${owed} still owed; kept on disk.`;
  const people = attention === 0 ? '' : ` ${attention} need a person.`;
  console.result(finished.value, summary + people);
  return idle ? EXIT.done : EXIT.stillOwed;
}

async function runUntil(terminal: Terminal, options: WorkOptions, onProgress: () => void): Promise<void> {
  const interrupted = interruption();
  const startedMs = systemClock.monotonicMs();
  const endMs = options.for === undefined ? Infinity : startedMs + options.for * 1000;
  let nextProgressMs = startedMs + PROGRESS_MS;
  let isInterrupted = false;
  void interrupted.happened.then(() => {
    isInterrupted = true;
  });
  for (;;) {
    const atMs = systemClock.monotonicMs();
    const isDone = options.untilIdle && terminal.isIdle();
    if (isDone || isInterrupted || atMs >= endMs) break;
    if (atMs >= nextProgressMs) {
      onProgress();
      nextProgressMs = atMs + PROGRESS_MS;
    }
    await new Promise<void>((resolve) => void systemTimers.after(LOOK_MS, resolve));
  }
  interrupted.dispose();
}

/** What is still owed, and what comes next, for a person who waits. */
function describeOwed(terminal: Terminal): string {
  const { owed } = terminal.standing();
  const next = terminal.nextOwed();
  if (next === null) return 'nothing owed; waiting for an answer';
  return `${owed} owed; next: ${next.call} for ${next.clientSn} in ${Math.ceil(next.inMs / 1000)} s`;
}
