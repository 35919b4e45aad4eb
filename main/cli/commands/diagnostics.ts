import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../shared/errors.ts';
import { writeDiagnostics } from '../../diagnostics/write-diagnostics.ts';
import { systemClock, systemTimers } from '../../shell/clock.ts';
import { machineFacts, programVersions } from '../../shell/machine.ts';
import type { Context } from '../context.ts';

export interface DiagnosticsCommandOptions {
  readonly file: string;
  readonly distDirectory: string;
}

/** Writes a support bundle. It takes no lock, so it works beside whoever holds the directory. */
export async function diagnostics(
  { console, directory }: Context,
  { file, distDirectory }: DiagnosticsCommandOptions,
): Promise<ExitCode> {
  const written = await writeDiagnostics(
    {
      directory: workedIn(directory),
      hostDirectory: directory,
      file: resolve(file),
      clock: systemClock,
      timers: systemTimers,
      live: null,
      checkWorkerFile: join(distDirectory, 'ledger-check.js'),
      versions: programVersions,
      machine: machineFacts(),
    },
    (section) => console.note(`Reading ${section} …`),
  );
  if (!written.ok) return console.fail(written.error);
  const { sizeBytes } = written.value;
  console.result(written.value, `Diagnostics are in ${written.value.file} (${sizeBytes} bytes).`);
  return EXIT.done;
}

/** A terminal that practises keeps its orders in a directory of their own; its host's logs lie above. */
function workedIn(directory: string): string {
  const practice = join(directory, 'practice');
  const isPractising = !existsSync(join(directory, 'ledger.db')) && existsSync(join(practice, 'ledger.db'));
  return isPractising ? practice : directory;
}
