import type { RelaunchOptions } from 'electron';

/**
 * An AppImage is mounted only for as long as it runs, and a program started from that mount while the mount
 * goes away dies; unpacking itself first is the one way that needs no mount.
 */
const UNPACK_FIRST = '--appimage-extract-and-run';

/**
 * How `app.relaunch` finds this program again.
 *
 * @param args the arguments of this process, its program first
 */
export function relaunchOptions(
  environment: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): RelaunchOptions {
  const appImage = environment['APPIMAGE'];
  if (appImage === undefined || appImage === '') return {};
  return {
    execPath: appImage,
    args: [UNPACK_FIRST, ...args.slice(1).filter((argument) => argument !== UNPACK_FIRST)],
  };
}
