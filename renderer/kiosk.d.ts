import type { TerminalBridge } from '../shared/bridge.ts';

declare global {
  interface Window {
    /** Given by the kiosk's preload (`main/electron/preload.ts`); absent in a browser. */
    readonly redress?: TerminalBridge;
  }
}
