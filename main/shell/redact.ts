/** What stands where a secret stood. */
const SECRET = '[secret]';

/** Members that could carry a key, a payment code or a way into a session. Nothing writes them anywhere. */
export const SECRET_MEMBERS: readonly string[] = [
  'terminalKey',
  'terminal_key',
  'previousKey',
  'vendorKey',
  'privateKey',
  'key',
  'dynamicId',
  'dynamic_id',
  'sessionSecret',
  'codeFingerprint',
  'authorization',
];

/** Members that name an order, a terminal or a vendor. Support needs them, whatever digits they have. */
const NAMING_MEMBERS: readonly string[] = [
  'clientSn',
  'client_sn',
  'otherClientSn',
  'sn',
  'terminalSn',
  'terminal_sn',
  'vendorSn',
  'vendor_sn',
  'deviceId',
  'appId',
];
const NAME = /^[A-Za-z0-9_.:~-]{1,64}$/;

/** Deeper than anything that is logged; what lies below is left out. */
const MAX_DEPTH = 16;

const PEM = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g;
/** A header's value has a blank inside, so it ends only with its line, its member or its object. */
const AUTHORIZATION = /(\bauthorization\s*[:=]\s*)[^\s"'\\,;}][^"'\\\r\n,;}]*/gi;
/** Every word of `SECRET_MEMBERS` but `key`, which is a word of plain English unless it is quoted. */
const LABEL = String.raw`(?:\b(?:${SECRET_MEMBERS.filter((name) => name !== 'key').join('|')})|(?<=["'])key(?=\\?["']))`;
const BETWEEN = String.raw`(?:\\?["']\s*[:=,]|\s*[:=])\s*`;
const QUOTED = new RegExp(String.raw`(${LABEL}${BETWEEN})(\\?["'])(?:(?!\2)[^])*(?:\2|$)`, 'gi');
const BARE = new RegExp(String.raw`(${LABEL}${BETWEEN})[^\s"'\\,;}&]+`, 'gi');
/** Keys and signatures of Upay have 32 of them, session secrets and one-time tokens 64. */
const HEX = /(?<![0-9A-Za-z])[0-9A-Fa-f]{32,}(?![0-9A-Za-z])/g;
/** A fraction is no code: the ledger's random numbers have as many digits. */
const DIGITS = /(?<!\d|\d\.)\d{16,}(?!\d)/g;
/** The form of the acquirer's own order numbers; no wallet's code begins so. */
const ACQUIRER_NUMBER = /^7\d{15}$/;

/**
 * Masks whatever in a text looks like a wallet code (16 digits or more), a key, a PEM block or the
 * value of an `Authorization` header. It is the last net: no secret may come this far. Our order
 * numbers, the acquirer's and instants in milliseconds are left as they are.
 */
export function redactSecrets(text: string): string {
  return text
    .replaceAll(PEM, SECRET)
    .replaceAll(QUOTED, `$1$2${SECRET}$2`)
    .replaceAll(AUTHORIZATION, `$1${SECRET}`)
    .replaceAll(BARE, `$1${SECRET}`)
    .replaceAll(HEX, SECRET)
    .replaceAll(DIGITS, (digits) => (ACQUIRER_NUMBER.test(digits) ? digits : SECRET));
}

/** The same for plain data: every text and number in it, and whatever is called like a secret. */
export function redactValues(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactSecrets(value);
  if (typeof value === 'number' || typeof value === 'bigint') return redactNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item: unknown) => redactValues(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      redactSecrets(name),
      redactMember(name, member, depth + 1),
    ]),
  );
}

/** One line of JSON. It stays JSON: a code that stands there as a bare number becomes a text. */
export function redactLine(line: string): string {
  if (redactSecrets(line) === line) return line;
  try {
    return `${JSON.stringify(redactValues(JSON.parse(line)))}\n`;
  } catch {
    return redactSecrets(line);
  }
}

function redactMember(name: string, member: unknown, depth: number): unknown {
  const isLeaf = typeof member === 'string' || typeof member === 'number';
  if (isLeaf && SECRET_MEMBERS.includes(name)) return SECRET;
  if (isLeaf && NAMING_MEMBERS.includes(name) && NAME.test(String(member))) return member;
  return redactValues(member, depth);
}

function redactNumber(value: number | bigint): unknown {
  const text = String(value);
  return redactSecrets(text) === text ? value : SECRET;
}
