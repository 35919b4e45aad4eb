/** What is used of Electron's `app.commandLine`. */
export interface ChromiumSwitches {
  hasSwitch(name: string): boolean;
  appendSwitch(name: string, value: string): void;
}

const SWITCH = 'password-store';

/**
 * Has Chromium ask Linux's common Secret Service for its key, whatever desktop it takes this session for: a kiosk
 * session has none that it knows, and then it would keep the key in the open. A store named at the start stays.
 * Called before Electron is ready.
 */
export function preferSecretService(switches: ChromiumSwitches, platform: NodeJS.Platform): void {
  if (platform === 'linux' && !switches.hasSwitch(SWITCH)) switches.appendSwitch(SWITCH, 'gnome-libsecret');
}
