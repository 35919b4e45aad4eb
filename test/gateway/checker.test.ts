import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inDatabase } from '../support/database-file.ts';
import { cli } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { HASTY, openTestTerminal, type TestTerminal } from '../support/terminal.ts';

/** The independent checker as a program, over a journal as the command line exports it. */

const PROGRAM = resolve('test/checker/check-history.ts');
const folder = mkdtempSync(join(tmpdir(), 'redress-checker-'));
const journal = join(folder, 'journal.jsonl');

let gateway: GatewayProcess;
let terminal: TestTerminal;
let paid: string;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  terminal = await openTestTerminal({ gateway, policy: HASTY });
  paid = terminal.collect('12.34').clientSn;
  await terminal.waitFor(paid, ['paid']);
  const doubtful = terminal.collect('10.12').clientSn;
  await terminal.waitFor(doubtful, ['reversed']);
  await terminal.waitForIdle();
  await terminal.stop();
  const exported = await cli(['journal', 'export'], { data: terminal.directory });
  writeFileSync(journal, exported.stdout);
});

afterAll(async () => {
  terminal.remove();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

function check(...given: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((fulfil) => {
    execFile(process.execPath, [PROGRAM, ...given], (error, stdout) => {
      fulfil({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}

/** The gateway's file with one thing different. */
function spoilt(name: string, sql: string): string {
  const file = join(folder, name);
  inDatabase(gateway.file, (database) => database.pragma('wal_checkpoint(TRUNCATE)'));
  copyFileSync(gateway.file, file);
  inDatabase(file, (database) => database.exec(sql));
  return file;
}

test('agrees with two true stories', async () => {
  const { code, stdout } = await check('--journal', journal, '--gateway', gateway.file);
  expect(stdout).toMatch(/^2 orders, \d+ requests, 0 problems\n$/);
  expect(code).toBe(0);
});

test('takes the wire log as the gateway prints it as well', async () => {
  const log = join(folder, 'wire.json');
  writeFileSync(log, JSON.stringify(await gateway.wireLog()));
  const agreed = await check('--journal', journal, '--gateway', gateway.file, '--wire', log);
  expect(agreed.stdout).toContain(', 0 problems');
  writeFileSync(log, '[]');
  const refused = await check('--journal', journal, '--gateway', gateway.file, '--wire', log);
  expect(refused.stdout).toContain(': nobody answered pay with 200/PAY_SUCCESS/PAID, approved');
  expect(refused.code).toBe(1);
});

test('says so line by line where the acquirer holds something else', async () => {
  const file = spoilt('cancelled.db', "UPDATE orders SET status = 'CANCELED'");
  const { code, stdout } = await check('--journal', journal, '--gateway', file);
  expect(stdout.split('\n')).toEqual([
    `${paid}: is paid, and the acquirer holds 0 of 1234`,
    expect.stringMatching(/^2 orders, \d+ requests, 1 problems$/) as string,
    '',
  ]);
  expect(code).toBe(1);
});

test('is told what left the terminal and what was on disk for everybody to read by then', () => {
  expect(terminal.sent.length).toBeGreaterThanOrEqual(4);
  for (const { committedSeq } of terminal.sent) expect(committedSeq).toBeGreaterThanOrEqual(1);
  expect(terminal.disagreements(gateway)).toEqual([]);
});

test('answers how it is used where files are missing', async () => {
  expect(await check('--journal', journal)).toEqual({ code: 64, stdout: '' });
});
