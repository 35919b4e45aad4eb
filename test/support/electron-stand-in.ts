import type { HardenedContents, HardenedSession } from '../../main/electron/hardening.ts';
import type { KeyInput } from '../../main/electron/keyboard.ts';
import type { NavigationEvent } from '../../main/electron/navigation.ts';
import type { Log } from '../../main/shell/log.ts';

/**
 * Electron as far as our rules use it: what they register is kept, and a test plays the part of Chromium.
 * The interfaces are those of our modules, which the compiler also holds against Electron's own types.
 */

type Listener = (...args: never[]) => unknown;

/** Keeps listeners by event, and calls them as an emitter does. */
class Events {
  readonly #listeners = new Map<string, Listener[]>();

  readonly on = (event: string, listener: Listener): void => {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  };

  /** An event that nobody listens to is a test of nothing. */
  emit(event: string, ...args: readonly unknown[]): void {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) throw new Error(`Nobody listens to ${event}`);
    for (const listener of listeners) (listener as (...all: readonly unknown[]) => unknown)(...args);
  }

  get names(): readonly string[] {
    return [...this.#listeners.keys()].toSorted();
  }
}

export class PreventableEvent {
  isPrevented = false;

  preventDefault(): void {
    this.isPrevented = true;
  }
}

class NavigationStandIn extends PreventableEvent implements NavigationEvent {
  readonly url: string;
  readonly isMainFrame: boolean;

  constructor(url: string, isMainFrame: boolean) {
    super();
    this.url = url;
    this.isMainFrame = isMainFrame;
  }
}

export type NavigationName = 'will-navigate' | 'will-redirect' | 'will-frame-navigate';

export class ContentsStandIn implements HardenedContents {
  readonly events = new Events();
  readonly on = this.events.on;
  /** What was done to the window, in order. */
  readonly done: string[] = [];
  #openHandler: ((details: { readonly url: string }) => { action: 'deny' }) | null = null;

  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void {
    this.#openHandler = handler;
  }

  reload(): void {
    this.done.push('reload');
  }

  toggleDevTools(): void {
    this.done.push('toggle devtools');
  }

  closeDevTools(): void {
    this.done.push('close devtools');
  }

  setZoomLevel(level: number): void {
    this.done.push(`zoom level ${level}`);
  }

  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    this.done.push(`zoom limits ${minimum} to ${maximum}`);
    return Promise.resolve();
  }

  /** Whether the window would have gone there. */
  navigates(name: NavigationName, url: string, isMainFrame = true): boolean {
    const event = new NavigationStandIn(url, isMainFrame);
    this.events.emit(name, event);
    return !event.isPrevented;
  }

  /** What Chromium is told when a page asks for a window. */
  opens(url: string): 'deny' | 'no rule' {
    return this.#openHandler?.({ url }).action ?? 'no rule';
  }

  /** Whether Chromium would have gone on after such an event. */
  goesOn(name: 'will-attach-webview' | 'context-menu'): boolean {
    const event = new PreventableEvent();
    this.events.emit(name, event);
    return !event.isPrevented;
  }

  /** Whether the page hears of this key. */
  types(input: KeyInput): boolean {
    const event = new PreventableEvent();
    this.events.emit('before-input-event', event, input);
    return !event.isPrevented;
  }
}

type RequestRule = Parameters<HardenedSession['webRequest']['onBeforeRequest']>[0];
type PermissionRule = Parameters<HardenedSession['setPermissionRequestHandler']>[0];
type PermissionCheck = Parameters<HardenedSession['setPermissionCheckHandler']>[0];
type DeviceRule = Parameters<HardenedSession['setDevicePermissionHandler']>[0];
type DisplayMediaRule = Parameters<HardenedSession['setDisplayMediaRequestHandler']>[0];

export class SessionStandIn implements HardenedSession {
  readonly events = new Events();
  readonly on = this.events.on;
  /** The spell checker as it was set last; at first as Electron has it. */
  spellChecker = { isEnabled: true, languages: ['en-US'], source: 'https://dictionaries.example/' };
  #request: PermissionRule | null = null;
  #check: PermissionCheck | null = null;
  #device: DeviceRule | null = null;
  #display: DisplayMediaRule | null = null;
  #beforeRequest: RequestRule | null = null;

  readonly webRequest = {
    onBeforeRequest: (rule: RequestRule): void => {
      this.#beforeRequest = rule;
    },
  };

  setPermissionRequestHandler(rule: PermissionRule): void {
    this.#request = rule;
  }

  setPermissionCheckHandler(rule: PermissionCheck): void {
    this.#check = rule;
  }

  setDevicePermissionHandler(rule: DeviceRule): void {
    this.#device = rule;
  }

  setDisplayMediaRequestHandler(rule: DisplayMediaRule): void {
    this.#display = rule;
  }

  setSpellCheckerEnabled(isEnabled: boolean): void {
    this.spellChecker = { ...this.spellChecker, isEnabled };
  }

  setSpellCheckerLanguages(languages: string[]): void {
    this.spellChecker = { ...this.spellChecker, languages };
  }

  setSpellCheckerDictionaryDownloadURL(source: string): void {
    this.spellChecker = { ...this.spellChecker, source };
  }

  /** Electron grants a request that no handler answers. */
  grants(permission: string): boolean {
    let isGranted = this.#request === null;
    this.#request?.(null, permission, (answer) => {
      isGranted = answer;
    });
    return isGranted;
  }

  /** Electron takes a check that no handler answers for granted. */
  takesForGranted(permission: string): boolean {
    return this.#check?.(null, permission) ?? true;
  }

  opensDevice(): boolean {
    return this.#device?.({ deviceType: 'serial' }) ?? true;
  }

  /** The streams that a page gets of the screen; `unanswered` where nobody says no. */
  sharedScreen(): unknown {
    let shared: unknown = 'unanswered';
    this.#display?.({}, (streams) => {
      shared = streams;
    });
    return shared;
  }

  /** Whether a request of the page leaves. */
  loads(url: string): boolean {
    let isCancelled = false;
    this.#beforeRequest?.({ url }, ({ cancel }) => {
      isCancelled = cancel;
    });
    return !isCancelled;
  }

  downloads(): boolean {
    const event = new PreventableEvent();
    this.events.emit('will-download', event);
    return !event.isPrevented;
  }
}

/** Keeps every line as the text that would be written. */
export class RecordedLog implements Log {
  readonly lines: string[] = [];

  info(fields: object, message: string): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
  }

  warn(fields: object, message: string): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
  }

  error(fields: object, message: string): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
  }
}
