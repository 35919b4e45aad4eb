import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lockDirectory, type DirectoryLock } from '../../main/ledger/lock.ts';
import { must } from '../support/must.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'redress-unit-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((next) => setImmediate(next));
  }
}

describe('the lock of a data directory', () => {
  test('is held although nobody keeps what it was given, and is not lost to the garbage collector', async () => {
    const path = directory();
    let lock: WeakRef<DirectoryLock> | null = null;
    const take = (): void => {
      lock = new WeakRef(must(lockDirectory(path)));
    };
    take();
    await collectGarbage();
    expect(lockDirectory(path)).toMatchObject({ ok: false, error: { code: 'terminal_in_use' } });
    (lock as WeakRef<DirectoryLock> | null)?.deref()?.release();
  });

  test('is free for the next once it was released', () => {
    const path = directory();
    must(lockDirectory(path)).release();
    const next = lockDirectory(path);
    expect(next.ok).toBe(true);
    must(next).release();
  });
});
