import type { Log } from '../shell/log.ts';

/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface EmbeddingContents {
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** The tag is switched off in `web-preferences.ts`; should it ever be on, nothing can be attached to it. */
export function refuseWebviews(contents: EmbeddingContents, log: Log): void {
  // SECURITY: #11 #12 no webview is made, whatever its options are.
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn({}, 'A webview was refused');
  });
}
