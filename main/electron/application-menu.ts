/** What the rule needs of Electron's `Menu`. */
export interface ApplicationMenu {
  setApplicationMenu(menu: null): void;
}

/** Electron's own menu would bring reload, zoom, devtools and quit back, with their keys. */
export function removeApplicationMenu(menu: ApplicationMenu): void {
  menu.setApplicationMenu(null);
}
