import type { BrowserWindowConstructorOptions, Rectangle, WebPreferences } from 'electron';
import type { Timers } from '../shell/clock.ts';

export type ScreenRole = 'cashier' | 'customer';
/** The pages that the cashier's window has: the till, or set-up and repair while the station is halted. */
export type CashierPage = 'till' | 'service';

/** What is used of a `BrowserWindow`. */
export interface KioskWindow {
  readonly webContents: { readonly id: number; reload(): void };
  on(event: 'ready-to-show', listener: () => void): unknown;
  on(event: 'closed', listener: () => void): unknown;
  on(event: 'focus', listener: () => void): unknown;
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  isMinimized(): boolean;
  restore(): void;
  isDestroyed(): boolean;
  destroy(): void;
  getBounds(): Rectangle;
  setBounds(bounds: Rectangle): void;
  setKiosk(flag: boolean): void;
}

export interface KioskDisplay {
  readonly id: number;
  readonly bounds: Rectangle;
}

/** What is used of Electron's `screen`, which is there when Electron is ready. */
export interface Displays {
  on(event: 'display-added', listener: () => void): unknown;
  on(event: 'display-removed', listener: () => void): unknown;
  on(event: 'display-metrics-changed', listener: () => void): unknown;
  off(event: 'display-added', listener: () => void): unknown;
  off(event: 'display-removed', listener: () => void): unknown;
  off(event: 'display-metrics-changed', listener: () => void): unknown;
  getAllDisplays(): readonly KioskDisplay[];
  getDisplayMatching(bounds: Rectangle): KioskDisplay;
  getPrimaryDisplay(): KioskDisplay;
}

/** A window and what can be had of it. */
export interface ScreenHandle<Window> {
  readonly role: ScreenRole;
  readonly window: Window;
  /** Loads the page that it should have, from wherever it is. */
  reload(): void;
  /** Gives the page up until the next `reload`: says so to the cashier, and nothing to the customer. */
  showStopped(): void;
}

export interface WindowsDependencies<Window extends KioskWindow> {
  readonly createWindow: (options: BrowserWindowConstructorOptions) => Window;
  readonly displays: Displays;
  readonly timers: Timers;
  readonly webPreferences: WebPreferences;
  readonly isProduction: boolean;
  /** A new window, before its first page: whoever guards windows begins here. */
  readonly onOpen: (handle: ScreenHandle<Window>) => void;
}

const ORIGIN = 'app://kiosk';
const CASHIER_URLS: Readonly<Record<CashierPage, string>> = {
  till: `${ORIGIN}/`,
  service: `${ORIGIN}/service.html`,
};
const CUSTOMER_URL = `${ORIGIN}/#/customer`;
/** What a cashier is told is not for the customer, and a wrong word is worse than none. */
const STOPPED_URLS: Readonly<Record<ScreenRole, string>> = {
  cashier: `${ORIGIN}/stopped.html`,
  customer: 'about:blank',
};
/** The paper of the page, so that nothing flashes before it is drawn. */
const BACKGROUND = '#f1f3f0';
const DEVELOPMENT_SIZE = { width: 1280, height: 800 } as const;
/** A page that is never drawn must not leave the desktop in front of the cashier. */
const SHOW_MS = 5000;

class Screen<Window extends KioskWindow> implements ScreenHandle<Window> {
  readonly role: ScreenRole;
  readonly window: Window;
  readonly contentsId: number;
  #url: string;
  #filled: Rectangle | null;
  #isStopped = false;

  constructor(role: ScreenRole, window: Window, url: string, bounds: Rectangle | null) {
    this.role = role;
    this.window = window;
    this.contentsId = window.webContents.id;
    this.#url = url;
    this.#filled = bounds;
  }

  /**
   * Fills a display. What was asked for is remembered, and not what came of it: a system that gives another
   * size, and tells of changed displays each time, would be asked for ever.
   */
  fill(bounds: Rectangle): void {
    const is = this.#filled;
    const isThere =
      is?.x === bounds.x && is.y === bounds.y && is.width === bounds.width && is.height === bounds.height;
    if (isThere) return;
    this.#filled = bounds;
    // A window that fills a display can be moved only when it is let go for a moment.
    this.window.setKiosk(false);
    this.window.setBounds(bounds);
    this.window.setKiosk(true);
  }

  /** While the page is given up this is only remembered: whoever gave it up decides when it is tried again. */
  showUrl(url: string): void {
    if (url === this.#url) return;
    this.#url = url;
    if (!this.#isStopped) this.#load(url);
  }

  /** What the next load shows; what is shown now stays. */
  keepUrl(url: string): void {
    this.#url = url;
  }

  reload(): void {
    this.#isStopped = false;
    this.#load(this.#url);
  }

  /**
   * Begins the page that is there anew. Not by loading its address: with a part after `#` that may be a step
   * within the page. One that is given up shows nothing that could be old.
   */
  refresh(): void {
    if (!this.#isStopped && !this.window.isDestroyed()) this.window.webContents.reload();
  }

  showStopped(): void {
    this.#isStopped = true;
    this.#load(STOPPED_URLS[this.role]);
  }

  #load(url: string): void {
    if (this.window.isDestroyed()) return;
    // A page that does not load is told by an event as well, and recovered from there.
    this.window.loadURL(url).catch(() => undefined);
  }
}

/**
 * The cashier's window, and the customer's where there is a second display. Opens nothing before
 * `openCashier`. In development both are ordinary windows, and the customer's comes only when asked for.
 */
export class KioskWindows<Window extends KioskWindow> {
  readonly #deps: WindowsDependencies<Window>;
  readonly #screens = new Map<ScreenRole, Screen<Window>>();
  readonly #onDisplays = (): void => this.#arrange();
  #page: CashierPage = 'till';
  #isWatching = false;

  constructor(dependencies: WindowsDependencies<Window>) {
    this.#deps = dependencies;
  }

  /** Opens the cashier's window with a page, and in production the customer's beside it. */
  openCashier(page: CashierPage): void {
    this.#page = page;
    if (this.#screens.has('cashier')) return;
    this.#open('cashier', CASHIER_URLS[page], this.#deps.displays.getPrimaryDisplay().bounds);
    if (this.#deps.isProduction) this.#watchDisplays();
  }

  /** In production it is where its display is; in development it opens, or comes to the front. */
  openCustomer(): void {
    const customer = this.#screens.get('customer');
    if (this.#deps.isProduction) this.#arrange();
    else if (customer === undefined) this.#open('customer', CUSTOMER_URL, null);
    else customer.window.focus();
  }

  /** The page that a reload brings, while the one there now is still being read. */
  keepPage(page: CashierPage): void {
    this.#page = page;
    this.#screens.get('cashier')?.keepUrl(CASHIER_URLS[page]);
  }

  showPage(page: CashierPage): void {
    this.#page = page;
    this.#screens.get('cashier')?.showUrl(CASHIER_URLS[page]);
  }

  /**
   * The terminal halted: what the customer's display shows is of before, and nothing will change it. Begun
   * anew, its page says nothing until the terminal is back.
   */
  refreshCustomer(): void {
    this.#screens.get('customer')?.refresh();
  }

  /** Somebody started the program a second time: this one comes to the front. */
  focusCashier(): void {
    const window = this.#screens.get('cashier')?.window;
    if (window === undefined) {
      this.openCashier(this.#page);
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Whose window these web contents are; null for any that this did not open, or no longer has. */
  roleOf(webContentsId: number): ScreenRole | null {
    const screens = [...this.#screens.values()];
    return screens.find(({ contentsId }) => contentsId === webContentsId)?.role ?? null;
  }

  /** Closes both and follows the displays no more. */
  stop(): void {
    const { displays } = this.#deps;
    displays.off('display-added', this.#onDisplays);
    displays.off('display-removed', this.#onDisplays);
    displays.off('display-metrics-changed', this.#onDisplays);
    for (const { window } of this.#screens.values()) if (!window.isDestroyed()) window.destroy();
    this.#screens.clear();
  }

  #watchDisplays(): void {
    const { displays } = this.#deps;
    if (!this.#isWatching) {
      this.#isWatching = true;
      displays.on('display-added', this.#onDisplays);
      displays.on('display-removed', this.#onDisplays);
      displays.on('display-metrics-changed', this.#onDisplays);
    }
    this.#arrange();
  }

  /** Each window fills its own display, and without a second one there is no customer's window. */
  #arrange(): void {
    const { displays } = this.#deps;
    const cashier = this.#screens.get('cashier');
    if (cashier === undefined) return;
    const own = displays.getDisplayMatching(cashier.window.getBounds());
    cashier.fill(own.bounds);
    const customer = this.#screens.get('customer');
    const bounds = this.#customerBounds(own, customer?.window);
    if (bounds === null) customer?.window.destroy();
    else if (customer === undefined) this.#open('customer', CUSTOMER_URL, bounds);
    else customer.fill(bounds);
  }

  /** The display that it is on already, else the first other one; null where there is none. */
  #customerBounds(own: KioskDisplay, window: Window | undefined): Rectangle | null {
    const { displays } = this.#deps;
    // A display that mirrors the cashier's lies at the same place.
    const others = displays
      .getAllDisplays()
      .filter(({ id, bounds }) => id !== own.id && (bounds.x !== own.bounds.x || bounds.y !== own.bounds.y));
    const present = window === undefined ? null : displays.getDisplayMatching(window.getBounds());
    return (others.find(({ id }) => id === present?.id) ?? others[0])?.bounds ?? null;
  }

  #open(role: ScreenRole, url: string, bounds: Rectangle | null): void {
    const window = this.#deps.createWindow(this.#options(bounds));
    const screen = new Screen(role, window, url, bounds);
    this.#screens.set(role, screen);
    const show = (): void => {
      cancel();
      // The customer's window never takes the keyboard, and so the scanner, from the cashier's.
      if (!window.isDestroyed()) window.show();
      if (role === 'customer') this.#screens.get('cashier')?.window.focus();
    };
    const cancel = this.#deps.timers.after(SHOW_MS, show);
    window.on('ready-to-show', show);
    // A customer who touches the display would have the next scan typed into the wrong window.
    if (role === 'customer' && this.#deps.isProduction)
      window.on('focus', () => this.#screens.get('cashier')?.window.focus());
    window.on('closed', () => {
      cancel();
      if (this.#screens.get(role) === screen) this.#screens.delete(role);
    });
    this.#deps.onOpen(screen);
    screen.reload();
  }

  #options(bounds: Rectangle | null): BrowserWindowConstructorOptions {
    const { isProduction, webPreferences } = this.#deps;
    return {
      show: false,
      title: 'Redress',
      backgroundColor: BACKGROUND,
      autoHideMenuBar: true,
      kiosk: isProduction,
      frame: !isProduction,
      ...(isProduction && bounds !== null ? bounds : DEVELOPMENT_SIZE),
      webPreferences,
    };
  }
}
