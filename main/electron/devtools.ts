import type { Log } from '../shell/log.ts';

/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface InspectedContents {
  on(event: 'devtools-opened', listener: () => void): unknown;
  closeDevTools(): void;
}

/** They are switched off in `web-preferences.ts`; should they ever open in production, they close at once. */
export function closeDevtools(contents: InspectedContents, log: Log): void {
  contents.on('devtools-opened', () => {
    contents.closeDevTools();
    log.warn({}, 'Devtools were closed');
  });
}
