import type { Log } from '../shell/log.ts';
import { isDevtoolsAddress, isOwnPage, schemeOf } from './app-address.ts';

export interface NavigationEvent {
  readonly url: string;
  readonly isMainFrame: boolean;
  preventDefault(): void;
}

/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface NavigatingContents {
  on(event: 'will-navigate', listener: (event: NavigationEvent) => void): unknown;
  on(event: 'will-redirect', listener: (event: NavigationEvent) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: NavigationEvent) => void): unknown;
}

export interface NavigationOptions {
  readonly isProduction: boolean;
  readonly log: Log;
}

/** A window shows the kiosk's own pages, and no frame inside of one shows anything. */
export function restrictNavigation(contents: NavigatingContents, options: NavigationOptions): void {
  const judge = (event: NavigationEvent): void => {
    if (isAllowed(event, options.isProduction)) return;
    event.preventDefault();
    options.log.warn({ scheme: schemeOf(event.url), isMainFrame: event.isMainFrame }, 'A way out was closed');
  };
  // SECURITY: #13 a link, a form or a dropped file leads nowhere else.
  contents.on('will-navigate', judge);
  // SECURITY: #13 nor does an answer that sends the page on.
  contents.on('will-redirect', judge);
  // SECURITY: #13 nor does a frame.
  contents.on('will-frame-navigate', judge);
}

function isAllowed({ url, isMainFrame }: NavigationEvent, isProduction: boolean): boolean {
  if (!isProduction && isDevtoolsAddress(url)) return true;
  return isMainFrame && isOwnPage(url);
}
