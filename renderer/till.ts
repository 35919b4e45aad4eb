import { createContext } from 'preact';
import { useContext, useLayoutEffect } from 'preact/hooks';
import type { Currency } from '../shared/money.ts';
import type { OrderCard, Snapshot } from '../shared/contract.ts';
import type { ScreenApi } from '../shared/bridge.ts';
import type { Draft, DraftStore } from './input/draft.ts';
import {
  formatAmount,
  formatDateTime,
  formatDuration,
  formatMoment,
  formatSeconds,
  formatTime,
  formatUntil,
  wholeMinute,
} from './format.ts';
import { useLanguage } from './language.ts';
import type { LastList } from './last-list.ts';
import type { PreferencesControl } from './preferences.ts';
import type { Notice, Question, ScreenState, WayBack } from './state.ts';
import { useNow } from './use-now.ts';

/** What every screen sees and may do. */
export interface Till {
  readonly state: ScreenState;
  readonly snapshot: Snapshot;
  /** For calls that only read; whatever changes an order goes through `actions`. */
  readonly api: ScreenApi;
  readonly actions: TillActions;
  readonly draft: DraftStore;
  readonly preferences: PreferencesControl;
  /** The order that the screen is about; keys and command cards act on no other. */
  readonly onScreen: { current: OrderCard | null };
  /** Kept by the window, because every screen forgets what it showed when another one is opened. */
  readonly lastList: { current: LastList };
}

/** One call runs at a time; a press that comes meanwhile is dropped, not queued. */
export interface TillActions {
  readonly prepare: (change: Partial<Draft>) => void;
  /** One key of the keypad, or `erase`, on the amount. */
  readonly key: (key: string) => void;
  /** Collects what is drafted; the code leaves the screen before anything else happens. */
  readonly collect: () => void;
  /** Collects with a code that was scanned and never shown; without an amount it is held for one minute. */
  readonly scanCode: (code: string) => void;
  /** Goes past the sale guard with the sale that was asked about. */
  readonly collectAnyway: () => void;
  readonly giveUp: (order: OrderCard) => void;
  readonly retry: (order: OrderCard) => void;
  readonly giveBack: (by: WayBack, order: OrderCard, reason: string) => void;
  readonly reverse: (order: OrderCard) => void;
  readonly settle: (
    order: OrderCard,
    word: { readonly charged: 'yes' | 'no'; readonly reason: string; readonly person: string },
  ) => void;
  readonly ask: (question: Question) => void;
  readonly askRevoke: (order: OrderCard) => void;
  readonly closeQuestion: () => void;
  /** Empties the form and the instruction for the next customer. */
  readonly nextSale: () => void;
  readonly notice: (notice: Notice) => void;
  readonly closeNotice: () => void;
}

/** Says that the screen is about this order, as long as it is. */
export function useOnScreen(order: OrderCard | null): void {
  const { onScreen } = useTill();
  useLayoutEffect(() => {
    onScreen.current = order;
    return () => {
      onScreen.current = null;
    };
  }, [order]);
}

export const TillContext = createContext<Till | null>(null);

export function useTill(): Till {
  const till = useContext(TillContext);
  if (till === null) throw new Error('useTill is only for what is drawn inside the till');
  return till;
}

/** The terminal's clock, ticking only while something counts down. */
export function useTerminalNow(isTicking: boolean): number {
  return useNow(isTicking) + useTill().state.clockOffsetMs;
}

/** Amounts and times as this terminal's people read them. */
export interface Formats {
  readonly amount: (amountMinor: number, currency?: Currency) => string;
  readonly time: (atMs: number) => string;
  /** Hour and minute, after the day where it is not today. */
  readonly moment: (atMs: number) => string;
  /** When a window closes or has closed. */
  readonly closing: (closesAtMs: number) => string;
  /** Until when it is open: the end of a day is its last minute. */
  readonly until: (closesAtMs: number) => string;
  readonly seconds: (atMs: number) => string;
  readonly dateTime: (atMs: number) => string;
  readonly duration: (durationMs: number) => string;
}

export function useFormats(): Formats {
  const { snapshot, state } = useTill();
  const { language } = useLanguage();
  const { timeZone } = snapshot;
  const nowMs = () => Date.now() + state.clockOffsetMs;
  return {
    amount: (amountMinor, currency = snapshot.currency) => formatAmount(amountMinor, currency, language),
    time: (atMs) => formatTime(atMs, timeZone, language),
    moment: (atMs) => formatMoment(atMs, nowMs(), timeZone, language),
    closing: (closesAtMs) => formatMoment(wholeMinute(closesAtMs), nowMs(), timeZone, language),
    until: (closesAtMs) => formatUntil(closesAtMs, nowMs(), timeZone, language),
    seconds: (atMs) => formatSeconds(atMs, timeZone, language),
    dateTime: (atMs) => formatDateTime(atMs, timeZone, language),
    duration: (durationMs) => formatDuration(durationMs, language),
  };
}
