import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openReadOnly } from '../../main/database/open.ts';
import { LedgerChecker } from '../../main/ledger-check.ts';
import { verifyFile } from '../../main/ledger/verify.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import {
  collect,
  must,
  newLedger,
  NOON,
  tamper,
  temporaryFolder,
  tradeAMorning,
} from '../support/fake-ledger.ts';

const WORKER = resolve('main/ledger/check-worker.ts');

function checkerOf(file: string, workerFile = WORKER): LedgerChecker {
  const checker = new LedgerChecker({ file, workerFile, clock: { nowMs: () => NOON }, timers: systemTimers });
  onTestFinished(() => checker.stop());
  return checker;
}

describe('a check of the ledger in a thread of its own', () => {
  test('says what a check in place says, and is remembered', async () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    const checker = checkerOf(file);
    expect(checker.last).toBeNull();
    const sound = { atMs: NOON, entries: 6, orders: 3, problems: [] };
    expect(await checker.check()).toEqual({ ok: true, value: sound });
    expect(checker.last).toEqual(sound);
    expect(ledger.verify()).toEqual({ entries: 6, orders: 3, problems: [] });
  });

  test('sees what was committed before it and leaves the ledger to be written', async () => {
    const { ledger, file } = newLedger();
    const checker = checkerOf(file);
    tradeAMorning(ledger);
    const checking = checker.check();
    must(collect(ledger, { clientSn: 'D-meanwhile' }));
    expect(must(await checking).problems).toEqual([]);
    expect(must(await checker.check())).toMatchObject({ entries: 7, orders: 4, problems: [] });
  });

  test('is one at a time: whoever asks during one is told of that one', async () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    const checker = checkerOf(file);
    const first = checker.check();
    expect(checker.check()).toBe(first);
    await first;
    expect(checker.check()).not.toBe(first);
  });

  test('reports what does not hold, at most a hundred lines of it', async () => {
    const { ledger, file } = newLedger();
    for (let index = 0; index < 120; index += 1)
      must(collect(ledger, { clientSn: `R-${index}`, atMs: NOON + index }));
    tamper(file, (database) => database.exec(`UPDATE orders SET state = 'paid'`));
    const { problems } = must(await checkerOf(file).check());
    expect(problems).toHaveLength(101);
    expect(problems[0]).toMatch(/^order R-\d+: differs from the journal$/);
    expect(problems.at(-1)).toBe('and 20 more');
  });

  test('reports a file that is no ledger any more', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    writeFileSync(file, 'scribble '.repeat(1000));
    expect(await checkerOf(file).check()).toEqual({
      ok: true,
      value: { atMs: NOON, entries: 0, orders: 0, problems: ['file: SQLITE_NOTADB'] },
    });
  });

  test('fails where there is no file, and remembers nothing', async () => {
    const checker = checkerOf(join(temporaryFolder(), 'nowhere.db'));
    expect(await checker.check()).toMatchObject({ ok: false, error: { code: 'data_unavailable' } });
    expect(checker.last).toBeNull();
  });

  test.each([
    ['cannot be found', null],
    ['throws', 'throw new Error("out of order")'],
    ['ends without a word', 'process.exit(0)'],
  ])('fails where its thread %s', async (_name, code) => {
    const { file } = newLedger();
    const worker = join(temporaryFolder(), 'worker.mjs');
    if (code !== null) writeFileSync(worker, code);
    expect(await checkerOf(file, worker).check()).toMatchObject({
      ok: false,
      error: { code: 'data_unavailable' },
    });
  });

  test('is broken off when the terminal stops', async () => {
    const { file } = newLedger();
    const worker = join(temporaryFolder(), 'worker.mjs');
    writeFileSync(worker, 'setInterval(() => {}, 1000)');
    const checker = checkerOf(file, worker);
    const checking = checker.check();
    await checker.stop();
    expect(await checking).toEqual({ ok: false, error: { code: 'stopping' } });
    expect(await checker.check()).toEqual({ ok: false, error: { code: 'stopping' } });
  });

  test('cannot write, neither to the file nor through its connection', () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    ledger.close();
    const before = readFileSync(file);
    expect(must(verifyFile(file))).toEqual({ entries: 6, orders: 3, problems: [] });
    expect(readFileSync(file).equals(before)).toBe(true);
    const database = must(openReadOnly(file));
    onTestFinished(() => void database.close());
    expect(() => database.exec('DELETE FROM outbox')).toThrow(/readonly/);
  });
});
