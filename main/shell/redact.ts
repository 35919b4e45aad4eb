/** What stands where a secret stood. */
const SECRET = '[secret]';

/** Members that could carry a key, a payment code or a way into a session. Nothing writes them anywhere. */
export const SECRET_MEMBERS: readonly string[] = [
  'terminalKey',
  'terminal_key',
  'previousKey',
  'vendorKey',
  'privateKey',
  'paymentMethodId',
  'paymentAuthCode',
  'key',
  'dynamicId',
  'dynamic_id',
  'sessionSecret',
  'codeFingerprint',
  'authorization',
];

/** Members that name an order, a terminal, a vendor, a client or a shop. Support needs them, whatever digits they have. */
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
  'clientId',
  'acquirerId',
  'pspId',
  'referenceMerchantId',
  'referenceStoreId',
  'storeTerminalId',
];
const NAME = /^[A-Za-z0-9_.:~-]{1,64}$/;

/** Deeper than anything that is logged; what lies below is left out. */
const MAX_DEPTH = 16;
/** The smallest number of as many digits as a payment code. */
const CODE_SIZED = 1e15;

/**
 * A text may be JSON that was cut or nested, so what stands before a secret may be an escape: the letter of a
 * line feed belongs to no word, and a quote may have backslashes. That is why nothing here asks for the beginning
 * of a word. Masking too much costs a word of a log, masking too little costs a key.
 */
const PEM = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g;
/** A header's value has blanks inside, so it ends only with its line, its member or its object. */
const AUTHORIZATION = /(authorization\s*[:=]\s*)[^\s"'\\}[][^"'\\\r\n}]*/gi;
const LABELS = SECRET_MEMBERS.map((name) => name.replaceAll(/_|(?=[A-Z])/g, '[-_]?'));
/** Every secret name but `key`, which is a word of plain English unless it is quoted. */
const LABEL = String.raw`(?:${LABELS.filter((name) => name !== 'key').join('|')}|(?<=["'])key(?=\\*["']))`;
const BETWEEN = String.raw`(?:\\*["']\s*[:=,]|\s*[:=])\s*`;
/** Up to a quote with as many backslashes as the first: one with more stands inside the value. */
const QUOTED = new RegExp(
  String.raw`(${LABEL}${BETWEEN})(?<quote>\\*["'\u0060])(?:(?!(?<!\\)\k<quote>)[^])*(?:\k<quote>|$)`,
  'gi',
);
/** Where a list or an object ends, a text does not say, so nothing after it is kept. */
const LISTED = new RegExp(String.raw`(${LABEL}${BETWEEN})(?!\[secret\])[[{][^]*$`, 'gi');
const BARE = new RegExp(String.raw`(${LABEL}${BETWEEN})[^\s"'\\,;}&]+`, 'gi');
/** Who signs in, in an address: `//user:password@`. */
const SIGN_IN = /(\\?\/\\?\/)[^\s/?#"'\\<>]+@/g;
const QUERY = /(:\\?\/\\?\/(?:[^\s?"'\\<>]|\\\/){0,2048}\?)[^\s"'\\<>]+/g;
/** Keys and signatures of Upay have 32 of them, session secrets and one-time tokens 64. */
const HEX = /[0-9A-Fa-f]{32,}/g;
/**
 * Base64 of 30 bytes or more, percent-encoded or not: RSA keys, with or without their lines, and signatures. A
 * slash may be escaped, as some writers of JSON do.
 */
const BASE64 = /(?:[A-Za-z0-9+/_-]|\\{1,8}\/|%(?:25)?2[BbFf]){40,}/g;
/** Paths and names in words have one in so many letters or more, base64 far less. */
const LETTERS_A_SEPARATOR = 8;
/** Fewer different letters than these are padding; as many of base64 have twice as many. */
const FEWEST_LETTERS = 12;
/** A fraction is no code: the ledger's random numbers have as many digits. */
const DIGITS = /(?<!\d|(?<!\d)0\.)\d{16,}/g;
/** A code that somebody made a number of. */
const EXPONENT = /(?<![\d.])\d(?:\.\d+)?e\+\d{2}/gi;
/** The form of the acquirer's own order numbers; no wallet's code begins so. */
const ACQUIRER_NUMBER = /^7\d{15}$/;

/**
 * Masks whatever in a text looks like a wallet code (16 digits or more), a key, a PEM block, a signature, the value
 * of an `Authorization` header, or the sign-in or query of an address. It is the last net: no secret may come this
 * far. Our order numbers, the acquirer's and instants in milliseconds are left as they are.
 */
export function redactSecrets(text: string): string {
  return text
    .replaceAll(PEM, SECRET)
    .replaceAll(QUOTED, `$1$2${SECRET}$2`)
    .replaceAll(AUTHORIZATION, `$1${SECRET}`)
    .replaceAll(LISTED, `$1${SECRET}`)
    .replaceAll(BARE, `$1${SECRET}`)
    .replaceAll(SIGN_IN, `$1${SECRET}@`)
    .replaceAll(QUERY, `$1${SECRET}`)
    .replaceAll(EXPONENT, SECRET)
    .replaceAll(BASE64, (letters) => (looksDrawn(letters) ? SECRET : letters))
    .replaceAll(HEX, SECRET)
    .replaceAll(DIGITS, (digits) => (ACQUIRER_NUMBER.test(digits) ? digits : SECRET));
}

function looksDrawn(letters: string): boolean {
  const separators = letters.match(/[/_-]/g)?.length ?? 0;
  return separators * LETTERS_A_SEPARATOR < letters.length && new Set(letters).size >= FEWEST_LETTERS;
}

/** The same for plain data: every text and number in it, and whatever is called like a secret. */
export function redactValues(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, depth);
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
  const value = parsed(line);
  return value === undefined ? redactSecrets(line) : `${JSON.stringify(redactValues(value))}\n`;
}

/** A text that is JSON again is taken apart, because only then its members have names. */
function redactText(text: string, depth: number): string {
  const inner = depth < MAX_DEPTH && /^\s*["[{]/.test(text) ? parsed(text) : undefined;
  return inner === undefined ? redactSecrets(text) : JSON.stringify(redactValues(inner, depth + 1));
}

/** Undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SECRET_NAMES: ReadonlySet<string> = new Set(SECRET_MEMBERS.map(bareName));

/** Headers, settings and wires write one name in different ways. */
function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

function redactMember(name: string, member: unknown, depth: number): unknown {
  if (SECRET_NAMES.has(bareName(name)) && !isHarmless(member)) return SECRET;
  const isLeaf = typeof member === 'string' || typeof member === 'number';
  if (isLeaf && NAMING_MEMBERS.includes(name) && NAME.test(String(member))) return member;
  return redactValues(member, depth);
}

/** That there is none, or the terminal's report of its key, which names the key's day and not the key. */
function isHarmless(member: unknown): boolean {
  if (typeof member === 'object') return member === null || 'checkedInDay' in member;
  return typeof member === 'boolean' || member === undefined;
}

function redactNumber(value: number | bigint): unknown {
  const isCodeSized = value >= CODE_SIZED || value <= -CODE_SIZED;
  return !isCodeSized || ACQUIRER_NUMBER.test(String(value)) ? value : SECRET;
}
