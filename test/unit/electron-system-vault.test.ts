import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSystemVault } from '../../main/electron/system-vault.ts';
import { systemToken } from '../../main/shell/token.ts';
import { StandInKeyStore } from '../support/electron-life-stand-in.ts';
import { must, temporaryFolder } from '../support/fake-ledger.ts';

const SECRET = 'key-0123456789-never-shown';

function machine() {
  const file = join(temporaryFolder(), 'vault.json');
  const safeStorage = new StandInKeyStore();
  const keys: string[] = [];
  const options = {
    safeStorage,
    platform: 'linux' as NodeJS.Platform,
    isProduction: true,
    file,
    newKey: () => {
      const key = systemToken();
      keys.push(key);
      return key;
    },
  };
  const open = (changed: Partial<typeof options> = {}) => openSystemVault({ ...options, ...changed });
  return { file, safeStorage, open, content: () => readFileSync(file, 'utf8'), dataKey: () => keys[0] ?? '' };
}

/** A machine with a vault that has sealed something. */
async function sealedMachine() {
  const found = machine();
  const sealed = must(await found.open()).seal(SECRET);
  return { ...found, sealed, before: found.content() };
}

describe('the vault of this machine', () => {
  test('opens after a restart what it has sealed before', async () => {
    const { open, sealed } = await sealedMachine();
    const again = must(await open());
    expect(again.isSealing).toBe(true);
    expect(must(again.open(sealed))).toBe(SECRET);
  });

  test('keeps its key sealed, in a file that only its owner reads', async () => {
    const { file, content, dataKey } = await sealedMachine();
    expect(Object.keys(JSON.parse(content()) as object)).toEqual(['sealedKey']);
    const stored = Buffer.from((JSON.parse(content()) as { sealedKey: string }).sealedKey, 'base64');
    expect(stored.includes(dataKey())).toBe(false);
    expect(stored.includes(Buffer.from(dataKey(), 'hex'))).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('has a key of its own on every machine', async () => {
    const { sealed } = await sealedMachine();
    expect(must(await machine().open()).open(sealed)).toMatchObject({ ok: false });
  });

  test('is sealed anew where the key store has a newer key, and only then', async () => {
    const { file, open, safeStorage, content, before, sealed } = await sealedMachine();
    const written = statSync(file).ino;
    await open();
    expect(statSync(file).ino).toBe(written);
    safeStorage.keyAge = 2;
    expect(must(must(await open()).open(sealed))).toBe(SECRET);
    expect(content()).not.toBe(before);
    expect(must(must(await open()).open(sealed))).toBe(SECRET);
  });

  test('still opens where it cannot be sealed anew', async () => {
    const { open, safeStorage, content, before, sealed } = await sealedMachine();
    safeStorage.keyAge = 2;
    safeStorage.encryptStringAsync = () => Promise.reject(new Error('locked'));
    expect(must(must(await open()).open(sealed))).toBe(SECRET);
    expect(content()).toBe(before);
  });
});

describe('a key that cannot be opened', () => {
  test.each<[string, (store: StandInKeyStore) => void]>([
    ['by another user', (store) => (store.user = 'other')],
    ['while the key store is locked', (store) => (store.isForgetful = true)],
  ])('%s is a failure, and stays as it is', async (_name, change) => {
    const { open, safeStorage, content, before, sealed, dataKey } = await sealedMachine();
    change(safeStorage);
    const refused = await open();
    expect(refused).toMatchObject({ ok: false, error: { code: 'secrets_sealed' } });
    expect(content()).toBe(before);
    for (const told of [dataKey(), before.slice(20, 60)]) expect(JSON.stringify(refused)).not.toContain(told);
    Object.assign(safeStorage, { user: 'till', isForgetful: false });
    expect(must(must(await open()).open(sealed))).toBe(SECRET);
  });

  test.each([
    ['half written', '{ "sealedKey": "djEx'],
    ['without a key', '{}'],
    ['with an empty key', '{ "sealedKey": "" }'],
    ['with something that is no base64', '{ "sealedKey": "%%%" }'],
    ['with something added', '{ "sealedKey": "djEx", "key": "00" }'],
    ['with a key that no store has sealed', '{ "sealedKey": "AAAA" }'],
  ])('in a file %s is a failure, and stays as it is', async (_name, text) => {
    const { file, open, content } = machine();
    writeFileSync(file, text);
    expect(await open()).toMatchObject({ ok: false, error: { code: 'secrets_sealed' } });
    expect(content()).toBe(text);
  });

  test('because something else was sealed there is a failure that does not tell it', async () => {
    const { file, open, safeStorage } = machine();
    const sealedKey = (await safeStorage.encryptStringAsync(SECRET)).toString('base64');
    writeFileSync(file, JSON.stringify({ sealedKey }));
    const refused = await open();
    expect(refused).toMatchObject({ ok: false, error: { code: 'secrets_sealed' } });
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });

  test('because its file cannot be read is the failure of the file', async () => {
    const { file, open } = machine();
    mkdirSync(file);
    expect(await open()).toMatchObject({ ok: false, error: { code: 'data_unavailable' } });
  });
});

describe('a machine without protection', () => {
  test.each(['basic_text', 'unknown'])('of backend %s is refused in production', async (backend) => {
    const { open, safeStorage } = machine();
    safeStorage.backend = backend;
    expect(await open()).toEqual({ ok: false, error: { code: 'secrets_unprotected', detail: backend } });
  });

  test('is allowed in development, and seals as it can', async () => {
    const { open, safeStorage } = machine();
    Object.assign(safeStorage, { backend: 'basic_text', prefix: 'v10' });
    const vault = must(await open({ isProduction: false }));
    expect(must(vault.open(vault.seal(SECRET)))).toBe(SECRET);
  });

  test.each<NodeJS.Platform>(['win32', 'darwin'])('is not told by its backend on %s', async (platform) => {
    const { open, safeStorage } = machine();
    safeStorage.getSelectedStorageBackend = () => {
      throw new TypeError('not a function');
    };
    safeStorage.prefix = 'v10';
    expect((await open({ platform })).ok).toBe(true);
  });

  test('is known by what it sealed, whatever it says of its backend, and nothing is stored', async () => {
    const { open, safeStorage, content } = machine();
    safeStorage.prefix = 'v10';
    expect(await open()).toMatchObject({ ok: false, error: { code: 'secrets_unprotected' } });
    expect(content).toThrow('ENOENT');
  });

  test('does not get into production with a key sealed in development', async () => {
    const { open, safeStorage } = machine();
    Object.assign(safeStorage, { backend: 'basic_text', prefix: 'v10' });
    must(await open({ isProduction: false }));
    safeStorage.backend = 'gnome_libsecret';
    expect(await open()).toMatchObject({ ok: false, error: { code: 'secrets_unprotected' } });
  });

  test.each([
    ['answers that there is none', () => Promise.resolve(false)],
    ['fails', () => Promise.reject(new Error('no D-Bus'))],
  ])('whose key store %s is refused in production, and plain in development', async (_name, answer) => {
    const { open, safeStorage } = machine();
    safeStorage.isAsyncEncryptionAvailable = answer;
    expect(await open()).toMatchObject({ ok: false, error: { code: 'secrets_unprotected' } });
    expect(must(await open({ isProduction: false })).isSealing).toBe(false);
  });

  test('whose key store does not give back what it took is refused, and nothing is stored', async () => {
    const { open, safeStorage, content } = machine();
    safeStorage.isForgetful = true;
    expect(await open()).toMatchObject({ ok: false, error: { code: 'secrets_unprotected' } });
    expect(content).toThrow('ENOENT');
  });
});
