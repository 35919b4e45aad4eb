import { createPrivateKey, createPublicKey, sign, verify, type KeyObject, type webcrypto } from 'node:crypto';

/**
 * What a simulation does to the platform it runs on: nothing that a program could tell apart, but for how long
 * it takes and in what order it ends.
 */
export function steadyPlatform(): void {
  steadyCrypto();
  shareFormats();
}

/** Making a format takes longer than a payment here, and the same few are made thousands of times. */
function shareFormats(): void {
  const known = new Map<string, Intl.DateTimeFormat>();
  Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct(target, args: [string, Intl.DateTimeFormatOptions]) {
      const name = JSON.stringify(args);
      const format = known.get(name) ?? new target(...args);
      known.set(name, format);
      return format;
    },
  });
}

/**
 * Web Crypto answers from other threads, in whatever order they end. A run that is to be played again must not
 * depend on that, so the same keys sign and verify the same bytes here at once.
 */
function steadyCrypto(): void {
  const keys = new WeakMap<webcrypto.CryptoKey, KeyObject>();
  const keyOf = (key: webcrypto.CryptoKey): KeyObject => {
    const known = keys.get(key);
    if (known === undefined) throw new Error('A key that was imported before the platform was made steady');
    return known;
  };
  const imported = new Map<string, Promise<webcrypto.CryptoKey>>();
  const { subtle } = globalThis.crypto;
  const importKey = subtle.importKey.bind(subtle);
  type Import = Parameters<typeof importKey>;
  const importOnce = async (...[format, der, ...rest]: Import): Promise<webcrypto.CryptoKey> => {
    const bytes = Buffer.from(der as Uint8Array);
    const key = await importKey(format, der, ...rest);
    const form = { key: bytes, format: 'der' } as const;
    keys.set(
      key,
      format === 'pkcs8'
        ? createPrivateKey({ ...form, type: 'pkcs8' })
        : createPublicKey({ ...form, type: 'spki' }),
    );
    return key;
  };
  const steady = {
    sign: async (_algorithm: string, key: webcrypto.CryptoKey, content: Uint8Array): Promise<ArrayBuffer> =>
      new Uint8Array(sign('sha256', content, keyOf(key))).buffer,
    verify: async (
      _algorithm: string,
      key: webcrypto.CryptoKey,
      signature: Uint8Array,
      content: Uint8Array,
    ): Promise<boolean> => verify('sha256', content, keyOf(key), signature),
    importKey: (...asked: Import): Promise<webcrypto.CryptoKey> => {
      const name = Buffer.from(asked[1] as Uint8Array).toString('base64');
      const known = imported.get(name) ?? importOnce(...asked);
      imported.set(name, known);
      return known;
    },
  };
  for (const [name, value] of Object.entries(steady)) Object.defineProperty(subtle, name, { value });
}
