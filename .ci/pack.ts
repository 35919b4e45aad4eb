import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../shared/result.ts';

/**
 * `npm run pack -- [--linux|--win|--mac] …`: electron-builder with what a build takes from the environment. All
 * arguments go to it as they are; without any it packs for the platform it runs on.
 *
 * - `REDRESS_UPDATE_URL`: where this build looks for updates, https only.
 * - `REDRESS_RELEASE=1`: a build for merchants. Fails unsigned, and without an address for updates.
 * - `REDRESS_INSPECTABLE=1`: a build for tests, which Playwright can attach to. Never together with the one above.
 *
 * Certificates are electron-builder's own variables: `CSC_LINK` and `CSC_KEY_PASSWORD`, `WIN_CSC_LINK` and
 * `WIN_CSC_KEY_PASSWORD`, `AZURE_…`, `APPLE_…`.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Arguments of electron-builder, or why there can be no such build, in one sentence. */
export function packArguments(
  environment: Environment,
  given: readonly string[],
): Result<readonly string[], string> {
  const updateUrl = environment['REDRESS_UPDATE_URL'] ?? '';
  const isRelease = environment['REDRESS_RELEASE'] === '1';
  const isInspectable = environment['REDRESS_INSPECTABLE'] === '1';
  if (isRelease && isInspectable) return err('A release can never be inspectable.');
  if (isRelease && updateUrl === '') return err('A release needs REDRESS_UPDATE_URL.');
  if (updateUrl !== '' && !isHttps(updateUrl)) return err('REDRESS_UPDATE_URL must be an https address.');
  return ok([
    ...given,
    ...(updateUrl === '' ? [] : [`-c.publish.url=${updateUrl}`]),
    ...(isRelease ? ['-c.forceCodeSigning=true'] : []),
    ...(isInspectable ? ['-c.electronFuses.enableNodeCliInspectArguments=true'] : []),
    // Uploading is a step of its own, after somebody has looked at what was built.
    '--publish',
    'never',
  ]);
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

function pack(): number {
  const parsed = packArguments(process.env, process.argv.slice(2));
  if (!parsed.ok) {
    process.stderr.write(`${parsed.error}\n`);
    return 64;
  }
  const manifest = createRequire(import.meta.url).resolve('electron-builder/package.json');
  const program = join(dirname(manifest), 'cli.js');
  return spawnSync(process.execPath, [program, ...parsed.value], { stdio: 'inherit' }).status ?? 1;
}

if (import.meta.main) process.exitCode = pack();
