/** What names an order on the wire, whatever a protocol calls the two. */
export interface OrderName {
  /** Our own name for it, known before the first byte leaves. */
  readonly clientSn: string;
  /** The acquirer's, once it has told us. */
  readonly sn: string | null;
}
