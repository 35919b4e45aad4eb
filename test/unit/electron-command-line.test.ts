import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandLineHost } from '../../main/cli/program.ts';
import { commandLineArguments, dataDirectoryIn, runCommandLine } from '../../main/electron/command-line.ts';
import { openPlainVault } from '../../main/settings/vault.ts';
import type { ExitCode } from '../../shared/errors.ts';
import { settled } from '../support/fake-clock.ts';

describe('the arguments of the program', () => {
  test.each([
    ['installed', ['redress-kiosk']],
    ['run from the sources', ['electron', '.']],
    ['with switches of Chromium', ['redress-kiosk', '--ozone-platform=headless', '--lang=zh']],
    ['with the name of the mark inside of another word', ['redress-kiosk', '--cli-help', 'cli']],
  ])('make it the kiosk: %s', (_name, argv) => {
    expect(commandLineArguments(argv)).toBeNull();
  });

  test.each([
    ['installed', ['redress-kiosk', '--cli', '--json', 'orders'], ['--json', 'orders']],
    ['run from the sources', ['electron', '.', '--cli', 'orders'], ['orders']],
    ['without a command', ['redress-kiosk', '--cli'], []],
    [
      'with switches of Chromium in front',
      ['redress-kiosk', '--ozone-platform=headless', '--cli', 'show', '7'],
      ['show', '7'],
    ],
    [
      'with what looks like a switch behind, which is then the command line’s own',
      ['redress-kiosk', '--cli', '--lang=zh', 'orders', '--cli'],
      ['--lang=zh', 'orders', '--cli'],
    ],
  ])('make it the command line: %s', (_name, argv, expected) => {
    expect(commandLineArguments(argv)).toEqual(expected);
  });
});

describe('the data directory of a command', () => {
  test.each([
    ['in front of it', ['--data', '/till', '--json', 'orders'], '/till'],
    ['behind it', ['orders', '--data', '/till'], '/till'],
    ['in one word', ['--data=/till', 'orders'], '/till'],
    ['and called like another command', ['--data', 'gateway', 'orders'], 'gateway'],
  ])('is what it names %s', (_name, argv, expected) => {
    expect(dataDirectoryIn(argv)).toBe(expected);
  });

  test.each([
    ['names none', ['--json', 'orders']],
    ['breaks off', ['orders', '--data']],
    ['is none', []],
  ])('is the usual one where the command %s', (_name, argv) => {
    expect(dataDirectoryIn(argv)).toBeNull();
  });

  test('is the usual one for the practice gateway, whose data is a file and no folder for Chromium', () => {
    expect(dataDirectoryIn(['--json', 'gateway', '--data', '/practice/gateway.db'])).toBeNull();
    expect(dataDirectoryIn(['--data', '/practice/gateway.db', 'gateway'])).toBeNull();
  });
});

describe('one command', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redress-command-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const host: CommandLineHost = {
    distDirectory: 'dist/main',
    launchGateway: () => {
      throw new Error('no gateway is asked for');
    },
    openVault: openPlainVault,
  };

  function begun(exitCode: ExitCode) {
    const story: string[] = [];
    const ready = Promise.withResolvers<void>();
    const command = Promise.withResolvers<ExitCode>();
    const printed = Promise.withResolvers<void>();
    const directory = join(folder, 'data');
    const ended = runCommandLine({
      app: {
        setPath: (name, path) => void story.push(`${name} ${path}`),
        whenReady: () => ready.promise,
        exit: (code) => void story.push(`exit ${code}`),
      },
      directory,
      argv: ['--json', 'orders'],
      host,
      run: (argv, given) => {
        story.push(`run ${argv.join(' ')} ${given === host ? 'here' : 'elsewhere'}`);
        return command.promise;
      },
      flush: () => {
        story.push('flush');
        return printed.promise;
      },
    });
    return {
      directory,
      story,
      ended,
      become: { ready: ready.resolve, done: () => command.resolve(exitCode), printed: printed.resolve },
    };
  }

  test('runs when Electron is ready, and ends with its code when everything is printed', async () => {
    const { directory, story, ended, become } = begun(30);
    const folderIs = `userData ${join(directory, 'browser')}`;
    await settled();
    expect(story).toEqual([folderIs]);
    become.ready();
    await settled();
    expect(story).toEqual([folderIs, 'run --json orders here']);
    become.done();
    await settled();
    expect(story).toEqual([folderIs, 'run --json orders here', 'flush']);
    become.printed();
    await ended;
    expect(story).toEqual([folderIs, 'run --json orders here', 'flush', 'exit 30']);
  });

  test('is the first to make the data directory, so that nobody else can read it', () => {
    const { directory } = begun(0);
    expect(existsSync(join(directory, 'browser'))).toBe(true);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});
