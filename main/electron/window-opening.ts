import type { Log } from '../shell/log.ts';
import { isCustomerDisplay, schemeOf } from './app-address.ts';

/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface OpeningContents {
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void;
}

export interface WindowOpeningOptions {
  /** Shows the customer's display in a window that the main process makes and owns. */
  readonly openCustomerDisplay: () => void;
  readonly log: Log;
}

/** The page opens no window. It may ask for one, the customer's display, which the main process opens itself. */
export function denyWindows(contents: OpeningContents, options: WindowOpeningOptions): void {
  // SECURITY: #14 every new window is denied.
  // SECURITY: #15 no address is handed to another program: nothing in here opens one outside.
  contents.setWindowOpenHandler(({ url }) => {
    if (isCustomerDisplay(url)) options.openCustomerDisplay();
    else options.log.warn({ scheme: schemeOf(url) }, 'A new window was denied');
    return { action: 'deny' };
  });
}
