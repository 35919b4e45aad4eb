import type { Log } from '../shell/log.ts';
import { type MenuContents, preventContextMenu } from './context-menu.ts';
import { closeDevtools, type InspectedContents } from './devtools.ts';
import { cancelDownloads, type DownloadingSession } from './downloads.ts';
import { restrictKeyboard, type TypingContents } from './keyboard.ts';
import { type NavigatingContents, restrictNavigation } from './navigation.ts';
import { denyPermissions, type PermissionSession } from './permissions.ts';
import { disableSpellChecker, type SpellCheckingSession } from './spell-checker.ts';
import { denyForeignRequests, type RequestingSession } from './web-requests.ts';
import { type EmbeddingContents, refuseWebviews } from './webviews.ts';
import { denyWindows, type OpeningContents } from './window-opening.ts';
import { holdZoom, type ZoomingContents } from './zoom.ts';

export type HardenedSession = PermissionSession &
  DownloadingSession &
  RequestingSession &
  SpellCheckingSession;

export type HardenedContents = NavigatingContents &
  OpeningContents &
  EmbeddingContents &
  TypingContents &
  ZoomingContents &
  MenuContents &
  InspectedContents;

export interface HardeningOptions {
  /** False only where a developer runs the kiosk from the sources: devtools and reload are then allowed. */
  readonly isProduction: boolean;
  readonly log: Log;
}

export interface ContentsOptions extends HardeningOptions {
  readonly openCustomerDisplay: () => void;
}

/** Applies every rule for a session. Must run before the first window is made. */
export function hardenSession(session: HardenedSession, options: HardeningOptions): void {
  denyPermissions(session, options.log);
  cancelDownloads(session, options.log);
  denyForeignRequests(session, options);
  disableSpellChecker(session);
}

/** Applies every rule for what a window shows, whoever made the window. */
export function hardenContents(contents: HardenedContents, options: ContentsOptions): void {
  restrictNavigation(contents, options);
  denyWindows(contents, options);
  refuseWebviews(contents, options.log);
  restrictKeyboard(contents, options.isProduction);
  holdZoom(contents, options.log);
  preventContextMenu(contents);
  if (options.isProduction) closeDevtools(contents, options.log);
}
