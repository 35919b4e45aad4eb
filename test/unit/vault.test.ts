import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PLAIN_VAULT, sealingVault } from '../../main/settings/vault.ts';
import { systemToken } from '../../main/shell/token.ts';
import { must } from '../support/fake-ledger.ts';

const SECRET = 'key-0123456789-终端密钥';
const REFUSED = { ok: false, error: { code: 'secrets_sealed' } };

const vaultOf = (key = randomBytes(32)) => sealingVault(key, systemToken);

describe('a sealing vault', () => {
  test.each(['', 'a', SECRET, 'x'.repeat(10_000)])('gives back what it has sealed: %.20s', (text) => {
    const vault = vaultOf();
    expect(must(vault.open(vault.seal(text)))).toBe(text);
    expect(vault.isSealing).toBe(true);
  });

  test('opens what the same key has sealed in another run', () => {
    const key = randomBytes(32);
    expect(must(vaultOf(key).open(vaultOf(key).seal(SECRET)))).toBe(SECRET);
  });

  test('shows nothing of the text, and seals it differently every time', () => {
    const vault = vaultOf();
    const sealed = [vault.seal(SECRET), vault.seal(SECRET)];
    expect(new Set(sealed).size).toBe(2);
    for (const text of sealed) expect(Buffer.from(text, 'base64').includes(SECRET.slice(0, 8))).toBe(false);
  });

  test('does not open with another key', () => {
    expect(vaultOf().open(vaultOf().seal(SECRET))).toMatchObject(REFUSED);
  });

  test('does not open when one bit of any byte is turned over', () => {
    const vault = vaultOf();
    const sealed = Buffer.from(vault.seal(SECRET), 'base64');
    for (let at = 0; at < sealed.length; at += 1) {
      const damaged = Buffer.from(sealed);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      expect(vault.open(damaged.toString('base64')), `byte ${at}`).toMatchObject(REFUSED);
    }
  });

  test('does not open when it is cut short anywhere, or something was added', () => {
    const vault = vaultOf();
    const sealed = Buffer.from(vault.seal(SECRET), 'base64');
    for (let length = 0; length < sealed.length; length += 1) {
      const cut = sealed.subarray(0, length).toString('base64');
      expect(vault.open(cut), `${length} bytes`).toMatchObject(REFUSED);
    }
    expect(vault.open(Buffer.concat([sealed, Buffer.from('x')]).toString('base64'))).toMatchObject(REFUSED);
  });

  test.each(['', ' ', '终端', '{}', SECRET])('refuses what no vault has sealed: "%s"', (text) => {
    const refused = vaultOf().open(text);
    expect(refused).toMatchObject(REFUSED);
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });
});

describe('the plain vault', () => {
  test('seals nothing, and opens nothing that another one has sealed', () => {
    expect([PLAIN_VAULT.isSealing, PLAIN_VAULT.seal(SECRET)]).toEqual([false, SECRET]);
    expect(PLAIN_VAULT.open(vaultOf().seal(SECRET))).toMatchObject(REFUSED);
  });
});
