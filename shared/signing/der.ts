/** One element of DER: its tag as written, and what it holds. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The elements that fill the bytes one after the other; null where the bytes are not DER. */
export function derElements(bytes: Uint8Array): readonly DerElement[] | null {
  const elements: DerElement[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const length = lengthOf(rest);
    if (length === null) return null;
    const end = length.header + length.content;
    if (end > rest.length) return null;
    elements.push({ tag: rest[0] ?? 0, content: rest.subarray(length.header, end) });
    rest = rest.subarray(end);
  }
  return elements;
}

/** Lengths up to 65,535 bytes, which no key comes near. */
function lengthOf(bytes: Uint8Array): { readonly header: number; readonly content: number } | null {
  const [, first = 0x80, second, third] = bytes;
  if (first < 0x80) return { header: 2, content: first };
  if (first === 0x81 && second !== undefined) return { header: 3, content: second };
  if (first === 0x82 && second !== undefined && third !== undefined)
    return { header: 4, content: (second << 8) | third };
  return null;
}
