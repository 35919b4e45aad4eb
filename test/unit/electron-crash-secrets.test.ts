import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/fake-ledger.ts';

describe('a process that crashes for real, with its real log', () => {
  const KEY = '0123456789abcdef0123456789abcdef';
  const CODE = '288877776666555501';
  const PEM_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
  const PEM = `-----BEGIN PRIVATE KEY-----\n${PEM_LINE}\n-----END PRIVATE KEY-----`;

  /** The kiosk's watch and log in a process of their own, which then runs `crash`. */
  function crashing(directory: string, crash: string) {
    const script = `
      const { systemClock, systemTimers } = await import('./main/shell/clock.ts');
      const { openHostLog } = await import('./main/shell/host-log.ts');
      const { watchMainCrash } = await import('./main/electron/main-crash.ts');
      const { log, files } = openHostLog(${JSON.stringify(directory)}, 'info', process.stderr);
      watchMainCrash({
        process,
        clock: systemClock,
        timers: systemTimers,
        log,
        flush: async () => files.flush(),
        earlyCrashes: 0,
        relaunch: () => undefined,
        exit: (code) => process.exit(code),
      });
      const secrets = ${JSON.stringify([KEY, CODE, PEM])};
      const error = new Error('refused:\\n' + secrets.join('\\n'), { cause: new Error('\\t' + secrets[0]) });
      error.stack += '\\n    at sign (' + secrets.join('\\t') + ')';
      error.headers = { Authorization: ['Basic dGlsbDpwYXNz'], TerminalKey: 'Kx9!plain' };
      ${crash}
    `;
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  }

  test.each([
    ['an exception', 'setTimeout(() => { throw error; });'],
    ['a promise', 'void Promise.reject(error);'],
    ['a promise of a text', 'void Promise.reject(secrets.join());'],
  ])('by %s leaves no key and no payment code in a file or on stderr', (_name, crash) => {
    const directory = join(temporaryFolder(), 'data');
    const { status, stdout, stderr } = crashing(directory, crash);
    expect(status).toBe(70);
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(files.join('')).toContain('The main process met a bug and ends');
    expect(stderr).toContain('The main process met a bug and ends');
    for (const secret of [KEY, CODE, PEM_LINE, 'dGlsbDpwYXNz', 'Kx9!plain'])
      for (const text of [...files, stdout, stderr]) expect(text).not.toContain(secret);
  });
});
