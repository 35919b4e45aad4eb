import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDirectory, readJson, writeJson } from '../../main/settings/files.ts';
import { FileTerminalKeys, readKeyFile, storeTerminalKey } from '../../main/settings/key-store.ts';
import { describeKeys } from '../../main/settings/describe-keys.ts';
import { loadSettings, readSettingsFile, saveSettings } from '../../main/settings/settings-store.ts';
import { parseSettings } from '../../shared/settings.ts';
import { NO_MOUNT, smallDisk } from '../support/crash-disk.ts';
import { must, temporaryFolder } from '../support/fake-ledger.ts';

const SECRET = 'key-0123456789-never-shown';
const TERMINAL = { terminalSn: '10298371039', deviceId: 'counter-1' };
const SETTINGS = { protocol: 'upay', apiDomain: 'https://api.example.com', terminal: TERMINAL };

const modeOf = (file: string): number => statSync(file).mode & 0o777;

function refusedFile(name: string, text: string): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

describe('Settings files', () => {
  it('are read back as they were stored, and are null before', () => {
    const folder = temporaryFolder();
    expect(loadSettings(folder)).toEqual({ ok: true, value: null });
    const settings = must(parseSettings(SETTINGS));
    must(saveSettings(folder, settings));
    expect(loadSettings(folder)).toEqual({ ok: true, value: settings });
  });

  it('can be read by their owner only, and so can the folder', () => {
    const folder = join(temporaryFolder(), 'data');
    must(makeDirectory(folder));
    must(saveSettings(folder, must(parseSettings(SETTINGS))));
    must(storeTerminalKey(folder, TERMINAL.terminalSn, SECRET));
    expect(modeOf(folder)).toBe(0o700);
    expect(readdirSync(folder).map((name) => [name, modeOf(join(folder, name))])).toEqual([
      ['secrets.json', 0o600],
      ['settings.json', 0o600],
    ]);
  });

  it('do not inherit the mode of a temporary file that a crash left behind', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'secrets.json');
    writeFileSync(`${file}.new`, 'half of a');
    chmodSync(`${file}.new`, 0o644);
    must(writeJson(file, { a: 1 }));
    expect(modeOf(file)).toBe(0o600);
    expect(readJson(file)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('are refused where a member stands twice, because nobody knows which of the two was meant', () => {
    const twice = JSON.stringify(SETTINGS).replace('{', '{"apiDomain":"https://other.example.com",');
    const file = refusedFile('settings.json', twice);
    expect(readSettingsFile(file)).toMatchObject({
      ok: false,
      error: { code: 'settings_unreadable', detail: `${file} has a member twice` },
    });
  });

  it('are replaced as a whole: a reader that opened the old one still reads the old one', () => {
    const file = join(temporaryFolder(), 'file.json');
    must(writeJson(file, { version: 'old', padding: 'x'.repeat(10_000) }));
    const before = statSync(file).ino;
    must(writeJson(file, { version: 'new' }));
    expect(statSync(file).ino).not.toBe(before);
    expect(readdirSync(join(file, '..'))).toEqual(['file.json']);
  });

  it('keep the old content when the disk is full', (context) => {
    const disk = smallDisk(64);
    if (disk === null) return context.skip(NO_MOUNT);
    const file = join(disk.folder, 'file.json');
    must(writeJson(file, { version: 'old' }));
    disk.fill();
    expect(writeJson(file, { version: 'new', padding: 'x'.repeat(10_000) })).toMatchObject({
      ok: false,
      error: { code: 'data_full' },
    });
    expect(readJson(file)).toEqual({ ok: true, value: { version: 'old' } });
    disk.free();
    must(writeJson(file, { version: 'new' }));
    return undefined;
  });

  it('are never cut short by a disk with room for only a part of them', (context) => {
    const disk = smallDisk(64);
    if (disk === null) return context.skip(NO_MOUNT);
    const file = join(disk.folder, 'file.json');
    must(writeJson(file, { version: 'old' }));
    const written = writeJson(file, { version: 'new', padding: 'x'.repeat(100_000) });
    expect(written).toMatchObject({ ok: false, error: { code: 'data_full' } });
    expect(readJson(file)).toEqual({ ok: true, value: { version: 'old' } });
    return undefined;
  });

  it('survive a process killed in the middle of a thousand replacements', () => {
    const folder = temporaryFolder();
    const program = `
      const { writeJson } = await import(${JSON.stringify(resolve('main/settings/files.ts'))});
      for (let index = 0; index < 1000; index += 1) {
        writeJson(${JSON.stringify(join(folder, 'file.json'))}, { index, padding: 'x'.repeat(20000) });
        if (index === 20) setTimeout(() => undefined, 0), process.kill(process.pid, 'SIGKILL');
      }`;
    expect(() =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' }),
    ).toThrow('Command failed');
    expect(readJson(join(folder, 'file.json'))).toMatchObject({
      ok: true,
      value: { index: expect.any(Number) as number },
    });
  });

  it('with unknown members are errors that name the member', () => {
    const file = refusedFile(
      'settings.json',
      JSON.stringify({ ...SETTINGS, apiDomian: 'https://typo.example.com' }),
    );
    expect(readSettingsFile(file)).toMatchObject({ ok: false, error: { code: 'settings_invalid' } });
    expect(JSON.stringify(readSettingsFile(file))).toContain('apiDomian');
  });

  it.each([
    ['that are missing', null, 'settings_unreadable'],
    ['that are not JSON', '{ "protocol": ', 'settings_unreadable'],
    ['of another protocol', JSON.stringify({ ...SETTINGS, protocol: 'alipayplus' }), 'settings_invalid'],
    ['that are no object', '[]', 'settings_invalid'],
    ['with a wrong type', JSON.stringify({ ...SETTINGS, terminal: 'counter' }), 'settings_invalid'],
  ])('%s are expected failures', (_name, text, code) => {
    const file = text === null ? join(temporaryFolder(), 'none.json') : refusedFile('settings.json', text);
    expect(readSettingsFile(file)).toMatchObject({ ok: false, error: { code } });
  });

  it('that cannot be read at all are an expected failure', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'settings.json'));
    expect(loadSettings(folder)).toMatchObject({ ok: false, error: { code: 'data_unavailable' } });
  });
});

describe('Secrets', () => {
  it.each([
    ['a key file that is not JSON', `{ "terminalKey": "${SECRET}" `],
    ['a key file with an unknown member', JSON.stringify({ terminalKey: 'a', secret: SECRET })],
    ['a key file with a malformed key', JSON.stringify({ terminalKey: `${SECRET} with a space` })],
    ['a key file with a key of the wrong type', JSON.stringify({ terminalKey: [SECRET] })],
    ['an empty key file', '{}'],
  ])('are not repeated when %s is refused', (_name, text) => {
    const refused = readKeyFile(refusedFile('key.json', text));
    expect(refused).toMatchObject({ ok: false, error: { code: 'key_file_invalid' } });
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });

  it.each([
    ['in the place of another member', { ...SETTINGS, apiDomain: SECRET }],
    ['as an unknown member', { ...SETTINGS, terminalKey: SECRET }],
    ['inside the terminal', { ...SETTINGS, terminal: { ...TERMINAL, terminalKey: SECRET } }],
  ])('pasted into settings %s are not repeated', (_name, settings) => {
    const refused = readSettingsFile(refusedFile('settings.json', JSON.stringify(settings)));
    expect(refused.ok).toBe(false);
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });

  it('stored and then damaged are not repeated either', () => {
    const folder = temporaryFolder();
    must(storeTerminalKey(folder, TERMINAL.terminalSn, SECRET));
    const file = join(folder, 'secrets.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('previousKey', 'perviousKey'));
    const refused = FileTerminalKeys.open(folder, TERMINAL);
    expect(refused).toMatchObject({ ok: false, error: { code: 'not_activated' } });
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });

  it('are described by everything but themselves, sealed or plain', () => {
    const folder = temporaryFolder();
    expect(describeKeys(folder)).toMatchObject({ ok: false, error: { code: 'not_activated' } });
    must(storeTerminalKey(folder, TERMINAL.terminalSn, SECRET));
    const plain = { form: 'plain', terminalSn: TERMINAL.terminalSn, hasPreviousKey: false, mode: '600' };
    expect(must(describeKeys(folder))).toEqual({ ...plain, checkedInDay: null });
    const file = join(folder, 'secrets.json');
    const { terminalSn } = TERMINAL;
    writeFileSync(file, JSON.stringify({ sealed: SECRET, terminalSn }));
    const nothing = { checkedInDay: null, hasPreviousKey: null };
    expect(must(describeKeys(folder))).toEqual({ form: 'sealed', terminalSn, mode: '600', ...nothing });
    writeFileSync(file, JSON.stringify({ unknown: SECRET }));
    const damaged = describeKeys(folder);
    expect(damaged).toMatchObject({ ok: false, error: { code: 'not_activated' } });
    expect(JSON.stringify(damaged)).not.toContain(SECRET);
  });

  it('of another terminal are not used', () => {
    const folder = temporaryFolder();
    must(storeTerminalKey(folder, '999', SECRET));
    const refused = FileTerminalKeys.open(folder, TERMINAL);
    expect(refused).toMatchObject({ ok: false, error: { code: 'not_activated' } });
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });

  it('are missing before activation', () => {
    expect(FileTerminalKeys.open(temporaryFolder(), TERMINAL)).toMatchObject({
      ok: false,
      error: { code: 'not_activated' },
    });
  });
});

describe('Key rotation', () => {
  function keysIn(folder: string): FileTerminalKeys {
    return must(FileTerminalKeys.open(folder, TERMINAL));
  }
  const shown = (keys: FileTerminalKeys) => [keys.current(), keys.previous(), keys.checkedInDay()];

  it('keeps the previous key beside the new one, also after a restart', () => {
    const folder = temporaryFolder();
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'first'));
    const keys = keysIn(folder);
    expect(shown(keys)).toEqual(['first', null, null]);
    must(keys.rotate('second', '2026-11-20'));
    expect(shown(keys)).toEqual(['second', 'first', '2026-11-20']);
    expect(shown(keysIn(folder))).toEqual(['second', 'first', '2026-11-20']);
    must(keys.rotate('third', '2026-11-21'));
    expect(shown(keysIn(folder))).toEqual(['third', 'second', '2026-11-21']);
  });

  it('to the key there is keeps the previous one', () => {
    const folder = temporaryFolder();
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'first'));
    const keys = keysIn(folder);
    must(keys.rotate('second', '2026-11-20'));
    must(keys.rotate('second', '2026-11-21'));
    expect(shown(keysIn(folder))).toEqual(['second', 'first', '2026-11-21']);
  });

  it('that cannot be stored is used from memory, and stored once there is room', (context) => {
    const disk = smallDisk(64);
    if (disk === null) return context.skip(NO_MOUNT);
    must(storeTerminalKey(disk.folder, TERMINAL.terminalSn, 'first'));
    const keys = keysIn(disk.folder);
    disk.fill();
    expect(keys.rotate('second', '2026-11-20')).toMatchObject({ ok: false, error: { code: 'data_full' } });
    expect(shown(keys)).toEqual(['second', 'first', '2026-11-20']);
    expect(shown(keysIn(disk.folder))).toEqual(['first', null, null]);
    expect(existsSync(join(disk.folder, 'secrets.json.new'))).toBe(false);
    disk.free();
    must(keys.store());
    expect(shown(keysIn(disk.folder))).toEqual(['second', 'first', '2026-11-20']);
    expect(existsSync(join(disk.folder, 'secrets.json'))).toBe(true);
    return undefined;
  });

  it('leaves nothing of the old terminal when a new one is stored', () => {
    const folder = temporaryFolder();
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'first'));
    must(keysIn(folder).rotate('second', '2026-11-20'));
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'fresh'));
    expect(shown(keysIn(folder))).toEqual(['fresh', null, null]);
  });
});
