/** What no journal and no wire log may hold: payment codes, and keys of any protocol. */
const SECRETS: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'a payment code',
    /(?<![0-9A-Za-z.])(?:1[0-5][0-9]{16}|(?:2[5-9]|30)[0-9]{14,22}|62[0-9]{17})(?![0-9A-Za-z.])/,
  ],
  ['a terminal key', /(?<![0-9a-fA-F])[0-9a-f]{32}(?![0-9a-fA-F])/],
  ['a private key', /-----BEGIN|(?<![A-Za-z0-9+/])MII[A-Za-z0-9+/]{40}/],
];

/** Where in these values something is that must not be there; told by its place and never repeated. */
export function exposed(where: string, value: unknown, known: readonly string[]): readonly string[] {
  const found = new Set<string>();
  look(value, (text) => {
    for (const [what, pattern] of SECRETS) if (pattern.test(text)) found.add(what);
    if (known.some((secret) => text.includes(secret))) found.add('a secret');
  });
  return [...found].map((what) => `${where} holds ${what}`);
}

function look(value: unknown, see: (text: string) => void): void {
  if (typeof value === 'string') see(value);
  // A fraction is no code, however many digits chance gives it.
  else if (typeof value === 'number' && Number.isInteger(value)) see(String(value));
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) {
      see(name);
      look(part, see);
    }
}
