import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs in a folder of its own, on the disk that `BENCH_DIR` names, and leaves nothing behind. */
export async function inBenchFolder<Value>(run: (folder: string) => Value | Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'redress-bench-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
