import type { Log } from '../shell/log.ts';
import { isDevtoolsAddress, ownAddress, schemeOf } from './app-address.ts';

/** What the rule needs of a session; Electron's `Session` fits. */
export interface RequestingSession {
  readonly webRequest: {
    onBeforeRequest(
      listener: (
        details: { readonly url: string },
        callback: (response: { cancel: boolean }) => void,
      ) => void,
    ): void;
  };
}

export interface WebRequestOptions {
  readonly isProduction: boolean;
  readonly log: Log;
}

/** The page's session has no network. Acquirer and updates are reached by the main process, not through it. */
export function denyForeignRequests(session: RequestingSession, options: WebRequestOptions): void {
  // SECURITY: #1 nothing is loaded but the page's own files, so nothing over an insecure line.
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const isAllowed = ownAddress(url) !== null || (!options.isProduction && isDevtoolsAddress(url));
    if (!isAllowed) options.log.warn({ scheme: schemeOf(url) }, 'A request of the page was denied');
    callback({ cancel: !isAllowed });
  });
}
