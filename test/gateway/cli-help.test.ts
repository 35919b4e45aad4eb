import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';

const COMMAND_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  '': [
    '--data',
    '--json',
    'init',
    'activate',
    'provision',
    'checkin',
    'pay',
    'revoke',
    'refund',
    'work',
    'orders',
    'show',
    'journal',
    'diagnostics',
    'serve',
    'gateway',
  ],
  init: ['--config', '--key-file'],
  activate: ['--code', '--key-file', '--name'],
  provision: ['--file', 'activation', 'provisioning.json'],
  checkin: [],
  pay: ['--amount', '--code', '--sale', '--subject', '--operator', '--wait', '--override'],
  revoke: ['--reason', '--operator', '--wait'],
  refund: ['--reason', '--operator', '--wait'],
  work: ['--until-idle', '--for'],
  orders: ['--limit'],
  show: ['<number>'],
  journal: ['verify', 'export'],
  'journal verify': [],
  'journal export': [],
  diagnostics: ['<file>'],
  serve: ['--port'],
  gateway: ['--port', '--data'],
};

describe('--help', () => {
  test.concurrent.each(Object.entries(COMMAND_OPTIONS))(
    'of "redress %s" exits 0 and names what can be given',
    async (command, names) => {
      const { code, stdout, stderr } = await cli([
        ...command.split(' ').filter((word) => word !== ''),
        '--help',
      ]);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain(`Usage: redress ${command}`.trim());
      for (const name of names) expect(stdout).toContain(name);
    },
  );
});
