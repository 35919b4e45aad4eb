import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { PLATFORMS, writeElectronStandIn, type PackedPlatform } from './electron-stand-in.ts';
import type { Stage } from './stage.ts';

export type Architecture = 'x64' | 'arm64';

/** One packed program: where it lies, and what of it the checks look at. */
export interface Packed {
  readonly platform: PackedPlatform;
  readonly architecture: Architecture;
  /** The folder with `app.asar` in it. */
  readonly resources: string;
  /** What `@electron/fuses` is given. */
  readonly executable: string;
  /** Where the operating system's integrity check finds the digest of the archive; null where there is none. */
  readonly integrity: string | null;
  /** The one native binary that it must carry, as better-sqlite3 calls it. */
  readonly binary: string;
}

const PACK = resolve(import.meta.dirname, '../../.ci/pack.ts');
const PACK_LIMIT_MS = 180_000;

/** What `electron-builder.yml` promises. Windows on ARM is not among it. */
const ARCHITECTURES: Readonly<Record<PackedPlatform, readonly Architecture[]>> = {
  linux: ['x64', 'arm64'],
  win: ['x64'],
  mac: ['x64', 'arm64'],
};

/** Packs for every platform, by the script and the configuration that releases are packed by. */
export function packAll(stage: Stage): readonly Packed[] {
  return PLATFORMS.flatMap((platform) => {
    const electron = join(stage.directory, 'electron', platform);
    writeElectronStandIn(electron, platform, stage.electronVersion);
    const architectures = ARCHITECTURES[platform];
    runPack(stage, [
      `--${platform}`,
      'dir',
      ...architectures.map((name) => `--${name}`),
      `-c.electronDist=${electron}`,
      // Where it could sign, it must not try: nothing of the stand-in is a program.
      ...(platform === 'mac' ? ['-c.mac.identity=null'] : []),
    ]);
    return architectures.map((architecture) => describe(stage, platform, architecture));
  });
}

function runPack(stage: Stage, args: readonly string[]): void {
  const run = spawnSync(process.execPath, [PACK, ...args], {
    cwd: stage.project,
    encoding: 'utf8',
    timeout: PACK_LIMIT_MS,
    env: packEnvironment(),
  });
  if (run.status !== 0) throw new Error(`electron-builder failed:\n${run.stdout}${run.stderr}`);
}

/** Nothing that a release would be given: no certificate, no address. */
function packEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(REDRESS|CSC|WIN_CSC|AZURE|APPLE)_/.test(name),
  );
  return { ...Object.fromEntries(kept), CSC_IDENTITY_AUTO_DISCOVERY: 'false' };
}

function describe(stage: Stage, platform: PackedPlatform, architecture: Architecture): Packed {
  const suffix = architecture === 'x64' ? '' : `-${architecture}`;
  const output = join(stage.project, 'release');
  const common = { platform, architecture } as const;
  switch (platform) {
    case 'linux': {
      const folder = join(output, `linux${suffix}-unpacked`);
      return {
        ...common,
        resources: join(folder, 'resources'),
        executable: join(folder, 'redress-kiosk'),
        integrity: null,
        binary: `linux-${architecture}.node`,
      };
    }
    case 'win': {
      const folder = join(output, `win${suffix}-unpacked`);
      const executable = join(folder, 'redress-kiosk.exe');
      return {
        ...common,
        resources: join(folder, 'resources'),
        executable,
        integrity: executable,
        binary: `win32-${architecture}.node`,
      };
    }
    case 'mac': {
      const application = join(output, `mac${suffix}`, 'Redress.app');
      return {
        ...common,
        resources: join(application, 'Contents/Resources'),
        executable: application,
        integrity: join(application, 'Contents/Info.plist'),
        binary: `darwin-${architecture}.node`,
      };
    }
  }
}
