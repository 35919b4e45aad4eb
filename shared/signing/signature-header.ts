/** What a `Signature` header says. */
export interface SignatureHeader {
  readonly algorithm: 'RSA256';
  /** Null where it names none, which means the newest key. */
  readonly keyVersion: string | null;
  /** As written, still encoded: `verifyRsa` reads it. */
  readonly signature: string;
}

/** Twice the longest header with an RSA signature; nothing longer is looked through. */
const LONGEST_HEADER = 8192;

/** RSA over SHA-256 under the names that are met on the wire. */
const RSA_NAMES: readonly string[] = ['rsa256', 'sha256withrsa'];

/** The header's value as the official SDKs write it, without blanks. */
export function formatSignatureHeader({
  keyVersion,
  signature,
}: {
  readonly keyVersion: string;
  readonly signature: string;
}): string {
  return `algorithm=RSA256,keyVersion=${keyVersion},signature=${signature}`;
}

/**
 * Reads a `Signature` header: members in any order, in any case of their names, with blanks around
 * them; unknown ones are passed over. Null where it has no signature, names another algorithm, or says
 * a member twice, which could be read in two ways.
 */
export function parseSignatureHeader(text: string): SignatureHeader | null {
  if (text.length > LONGEST_HEADER) return null;
  const members = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim().toLowerCase();
    if (equals === -1 || name === '' || members.has(name)) return null;
    members.set(name, part.slice(equals + 1).trim());
  }
  const algorithm = members.get('algorithm') ?? 'RSA256';
  const signature = members.get('signature') ?? '';
  if (signature === '' || !RSA_NAMES.includes(algorithm.toLowerCase())) return null;
  return { algorithm: 'RSA256', keyVersion: members.get('keyversion') || null, signature };
}
