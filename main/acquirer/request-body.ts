/** The bytes to sign and to send are made once. */
export function bodyOf(request: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(request));
}
