import type { Log } from '../shell/log.ts';

/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface ZoomingContents {
  on(event: 'did-finish-load', listener: () => void): unknown;
  on(event: 'zoom-changed', listener: () => void): unknown;
  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void>;
  setZoomLevel(level: number): void;
}

/**
 * A screen that somebody zoomed hides the instruction from the next cashier. The limits belong to a loaded
 * page and the level is remembered by the browser, so both are set whenever a page has come.
 */
export function holdZoom(contents: ZoomingContents, log: Log): void {
  const reset = (): void => contents.setZoomLevel(0);
  contents.on('did-finish-load', () => {
    reset();
    contents
      .setVisualZoomLevelLimits(1, 1)
      .catch((error: unknown) => log.warn({ error }, 'Zooming with two fingers could not be switched off'));
  });
  contents.on('zoom-changed', reset);
}
