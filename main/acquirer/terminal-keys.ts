import type { Failure } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';

/**
 * The terminal's signing keys as the client needs them. The newest key is stored before the older one
 * is let go, because an answer to a check-in can be lost on its way into the file.
 */
export interface TerminalKeys {
  readonly terminalSn: string;
  readonly deviceId: string;
  current(): string;
  /** The key before the current one, where there is one. */
  previous(): string | null;
  /** The business day of the last check-in, or null. */
  checkedInDay(): string | null;
  /**
   * Makes `key` current and the current one previous, and stores both. Where the disk refuses, the new
   * key is used all the same, because the acquirer knows no older one for long; `store` tries again.
   */
  rotate(key: string, businessDay: string): Result<void, Failure>;
  /** Whether the file holds what is used. No further key may be asked for while it does not. */
  isStored(): boolean;
  store(): Result<void, Failure>;
}
