import { spawn, type ChildProcess } from 'node:child_process';
import { isAbsolute } from 'node:path';
import type { Answer } from '../../shared/contract.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';
import {
  StandInApp,
  StandInBlocker,
  StandInDisplays,
  StandInKeyStore,
  StandInPower,
  StandInWindow,
} from './electron-life-stand-in.ts';
import { SessionStandIn } from './electron-stand-in.ts';

/**
 * The module `electron` for the built entry of the kiosk when Node runs it: enough of Electron for a whole
 * sale. It tells its parent process of every page that is loaded, and passes the parent's calls on as if
 * the page had made them.
 */

/** What the parent asks for. */
export interface PageCall {
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
}
/** What the parent is told. */
export type EntryNews =
  { readonly page: string } | { readonly id: number; readonly answer: Answer<unknown> | null };

type Handler = (event: object, name: string, args: unknown) => Promise<Answer<unknown>>;

const readiness = Promise.withResolvers<void>();
let windows = 0;
let cashierContents: object | null = null;
let handler: Handler | null = null;

function tell(news: EntryNews): void {
  process.send?.(news);
}

/** Electron is ready when the entry has run to its end, and not before. */
export function becomeReady(): void {
  process.on('message', (call: PageCall) => void answer(call));
  readiness.resolve();
}

async function answer({ id, name, args }: PageCall): Promise<void> {
  const event = { sender: cashierContents, senderFrame: { origin: 'app://kiosk', parent: null } };
  tell({ id, answer: (await handler?.(event, name, args)) ?? null });
}

class EntryApp extends StandInApp {
  readonly isPackaged = false;
  readonly commandLine = { hasSwitch: (): boolean => false, appendSwitch: (): void => undefined };

  override setPath(name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    super.setPath(name, path);
  }

  requestSingleInstanceLock(): boolean {
    return true;
  }

  enableSandbox(): void {
    super.emit('sandboxed');
  }

  whenReady(): Promise<void> {
    return readiness.promise;
  }

  override exit(exitCode = 0): void {
    process.exit(exitCode);
  }
}

export class BrowserWindow extends StandInWindow {
  constructor(options: object) {
    windows += 1;
    super(windows, options);
    cashierContents ??= this.webContents;
  }

  override loadURL(url: string): Promise<void> {
    tell({ page: url });
    return super.loadURL(url);
  }
}

export const app = new EntryApp();
export const crashReporter = { start: (): void => undefined };
export const ipcMain = {
  handle(channel: string, listener: Handler): void {
    if (channel === KIOSK_CHANNELS.call) handler = listener;
  },
  on: (): void => undefined,
};
export const Menu = { setApplicationMenu: (): void => undefined };
export const net = { isOnline: (): boolean => true };
export const powerMonitor = new StandInPower();
export const powerSaveBlocker = new StandInBlocker();
export const protocol = {
  registerSchemesAsPrivileged: (): void => undefined,
  handle: (): void => undefined,
};
export const safeStorage = new StandInKeyStore();
export const screen = new StandInDisplays({ id: 1, bounds: { x: 0, y: 0, width: 1280, height: 800 } });
export const session = { defaultSession: new SessionStandIn() };
export const utilityProcess = {
  // A utility process ends with the one that forked it, however that one ends; so does this.
  fork: (program: string, args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [program, ...args, '--with-parent'], { stdio: ['pipe', 'pipe', 'inherit'] }),
};
