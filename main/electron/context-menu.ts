/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface MenuContents {
  on(event: 'context-menu', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** A long press on a touch screen brings up nothing to save, print or inspect with. */
export function preventContextMenu(contents: MenuContents): void {
  contents.on('context-menu', (event) => event.preventDefault());
}
