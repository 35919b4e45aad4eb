import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './fake-ledger.ts';

/** What a disk in memory gives out at once; SQLite's pages are as large. */
const PAGE_BYTES = 4096;

/** A disk so small that a test can fill it. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all the space there is, but for so many pages. */
  fill(sparePages?: number): void;
  free(): void;
  makeReadOnly(): void;
}

/** Null where this machine does not let us mount one. */
export function smallDisk(kilobytes: number): SmallDisk | null {
  const folder = temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'redress-test', folder]);
  if (mounted.status !== 0) return null;
  onTestFinished(() => {
    execFileSync('umount', [folder]);
  });
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(sparePages = 0) {
      const spare = join(folder, 'spare');
      if (sparePages > 0) writeFileSync(spare, Buffer.alloc(sparePages * PAGE_BYTES));
      for (let bytes = kilobytes * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        try {
          writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
        } catch (error) {
          if (!(error instanceof Error) || !error.message.startsWith('ENOSPC')) throw error;
        }
      }
      rmSync(spare, { force: true });
    },
    free: () => rmSync(filler, { force: true }),
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder]),
  };
}

export const NO_MOUNT = 'this machine does not let a test mount a small disk';
