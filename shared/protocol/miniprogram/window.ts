import type { CancelWindow } from '../window.ts';

/**
 * The period is agreed in each wallet's contract (alipayplus.md 4.3), so no clock of ours closes it: the
 * wallet answers CANCEL_WINDOW_EXCEED.
 */
export const miniprogramWindow: CancelWindow = { cancelUntilMs: () => null, nextCloseMs: () => null };
