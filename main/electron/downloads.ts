import type { Log } from '../shell/log.ts';

/** What the rule needs of a session; Electron's `Session` fits. */
export interface DownloadingSession {
  on(event: 'will-download', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** Files leave the terminal by the main process alone: nobody at a counter gets a file dialog. */
export function cancelDownloads(session: DownloadingSession, log: Log): void {
  session.on('will-download', (event) => {
    event.preventDefault();
    log.warn({}, 'A download was cancelled');
  });
}
