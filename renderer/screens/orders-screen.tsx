import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject, VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { NoticeBox } from '../components/notice-box.tsx';
import { OrderRow } from '../components/order-row.tsx';
import { PrintHead } from '../components/print-head.tsx';
import { Unreadable } from '../components/unreadable.tsx';
import { formatCount } from '../format-count.ts';
import { useLanguage } from '../language.ts';
import { type ListRoute, placeIn } from '../last-list.ts';
import { hrefOf, parseRoute, replaceWith } from '../route.ts';
import { meaningOf } from '../input/scan-meaning.ts';
import { BURST_PAUSE_MS } from '../input/scanner.ts';
import { SHORTCUTS } from '../input/shortcuts.ts';
import type { Language } from '../strings/languages.ts';
import type { Strings } from '../strings/strings.ts';
import { useTill } from '../till.ts';
import { useLatest } from '../use-latest.ts';
import { type Search, useSearch } from '../use-search.ts';
import { useWindowEvent } from '../use-window-event.ts';

interface OrdersScreenProps {
  readonly text: string;
  readonly businessDay?: string | undefined;
}

/** Every order of a day, and the way to any order by what a customer has in hand. */
export function OrdersScreen({ text, businessDay }: OrdersScreenProps): VNode {
  const { state, snapshot, actions, lastList } = useTill();
  const { strings, language } = useLanguage();
  const words = strings.orders;
  const today = snapshot.businessDay;
  const day = businessDay ?? today;
  const search = useSearch(text, day);
  const isEntered = useRef(false);
  const main = useRef<HTMLElement>(null);
  usePlace(main, { screen: 'orders', text, businessDay });
  // Today is not named in the address, so that the list turns with the day.
  const list = (typed: string, chosen: string) =>
    replaceWith({ screen: 'orders', text: typed, businessDay: chosen === today ? undefined : chosen });

  useEffect(() => {
    if (search.isSearching) return;
    const meant = orderMeant(text, search.orders, isEntered.current);
    if (meant === null)
      lastList.current = { ...lastList.current, route: { screen: 'orders', text, businessDay } };
    else replaceWith({ screen: 'order', clientSn: meant.clientSn });
  }, [search.orders, search.isSearching, text, businessDay]);

  return (
    <main ref={main} class="screen orders-screen">
      <PrintHead />
      <header class="orders-head">
        <h1>{strings.shell.orders}</h1>
        <p class="orders-count" aria-live="polite">
          {countOf(search, strings, language)}
        </p>
      </header>
      <div class="orders-tools">
        <SearchBox
          text={text}
          onText={(typed, isSubmitted) => {
            isEntered.current = isSubmitted;
            if (typed !== text) list(typed, day);
            else if (isSubmitted) search.again();
          }}
        />
        <DayChooser day={day} today={today} onDay={(chosen) => list(text, chosen)} />
      </div>
      <NoticeBox notice={state.notice} onDismiss={actions.closeNotice} />
      {search.notice !== null && (
        <Unreadable title={words.failed} notice={search.notice} onAgain={search.again} />
      )}
      <Rows search={search} text={text} day={day} />
    </main>
  );
}

/** Comes back to the row whose order was opened; every other way in begins with the newest. */
function usePlace(main: RefObject<HTMLElement | null>, route: ListRoute): void {
  const { lastList } = useTill();
  const latest = useLatest(route);
  useLayoutEffect(() => {
    const element = main.current;
    if (element === null) return undefined;
    element.scrollTop = placeIn(lastList.current, latest.current);
    return () => {
      const isOpened = parseRoute(window.location.hash).screen === 'order';
      const place = isOpened ? { href: hrefOf(latest.current), top: element.scrollTop } : null;
      lastList.current = { ...lastList.current, place };
    };
  }, []);
}

/** The one order that the text names; after Enter also the only one that was found. */
function orderMeant(text: string, orders: readonly OrderCard[], isEntered: boolean): OrderCard | null {
  const [only] = orders;
  if (text === '' || only === undefined || orders.length > 1) return null;
  return isEntered || only.clientSn === text || only.sn === text ? only : null;
}

function countOf(
  { orders, isComplete, isSearching, notice }: Search,
  strings: Strings,
  language: Language,
): string {
  const words = strings.orders;
  if (isSearching) return words.searching;
  if (notice !== null && orders.length === 0) return '';
  const count = formatCount(orders.length, language);
  return isComplete ? words.count(count, orders.length === 1) : words.countSoFar(count);
}

interface RowsProps {
  readonly search: Search;
  readonly text: string;
  readonly day: string;
}

function Rows({ search, text, day }: RowsProps): VNode {
  const { snapshot, actions } = useTill();
  const { strings } = useLanguage();
  const words = strings.orders;
  const { orders, isComplete, isSearching, notice } = search;
  if (orders.length === 0) {
    if (isSearching || notice !== null) return <div aria-busy={isSearching} />;
    return (
      <div class="orders-empty">
        <p>
          {text !== ''
            ? words.noneFound(text)
            : day === snapshot.businessDay
              ? words.noneToday
              : words.noneThatDay}
        </p>
        {text !== '' && <p class="orders-hint">{words.noneFoundHint}</p>}
      </div>
    );
  }
  return (
    <>
      <ol class="order-rows" aria-label={strings.shell.orders} aria-busy={isSearching}>
        {orders.map((order) => (
          <OrderRow
            key={order.clientSn}
            order={order}
            timeZone={snapshot.timeZone}
            businessDay={day}
            onRevoke={actions.askRevoke}
          />
        ))}
      </ol>
      {!isComplete && !isSearching && <ShowMore isByItself={notice === null} onMore={search.more} />}
    </>
  );
}

interface ShowMoreProps {
  /** After a failure only a press asks again. */
  readonly isByItself: boolean;
  readonly onMore: () => void;
}

/** Reads on as soon as it comes near; the button is for whoever gets there without scrolling. */
function ShowMore({ isByItself, onMore }: ShowMoreProps): VNode {
  const { strings } = useLanguage();
  const button = useRef<HTMLButtonElement>(null);
  const latest = useLatest(onMore);
  // After each page anew: an observer is silent about a button that is still in view.
  useEffect(() => {
    if (button.current === null || !isByItself) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) latest.current();
      },
      { root: button.current.closest('main'), rootMargin: '400px' },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  });
  return (
    <button ref={button} type="button" class="button orders-more" onClick={onMore}>
      {strings.orders.showMore}
    </button>
  );
}

interface SearchBoxProps {
  readonly text: string;
  /** `isSubmitted`: Enter was pressed, or a scanner ended its code, so a single match may be opened. */
  readonly onText: (text: string, isSubmitted: boolean) => void;
}

/** Longer than a scanner's silence: a wallet code that lands here is taken back out before it is looked for. */
const TYPING_PAUSE_MS = BURST_PAUSE_MS + 100;

/** Keeps what is being typed to itself until the fingers pause, so that a long list is not drawn for each key. */
function SearchBox({ text, onText }: SearchBoxProps): VNode {
  const { strings } = useLanguage();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<number | undefined>(undefined);
  const [typed, setTyped] = useState(text);
  const latest = useLatest(onText);

  useEffect(() => {
    // Where a list is come back to it keeps its place.
    field.current?.focus({ preventScroll: true });
    return () => window.clearTimeout(timer.current);
  }, []);
  // The shortcut leads to this screen; where it is open already, it leads to the field.
  useWindowEvent('keydown', ({ key }) => {
    if (SHORTCUTS.get(key) === 'search') field.current?.focus();
  });
  useEffect(() => {
    // The address changed by itself, not because of what was typed here.
    if (text !== typed.trim()) setTyped(text);
  }, [text]);

  const type = (value: string) => {
    setTyped(value);
    window.clearTimeout(timer.current);
    const wanted = value.trim();
    // However slowly it came, a wallet's code is no search, and no address may hold it.
    if (meaningOf(wanted).type === 'wallet_code') return;
    timer.current = window.setTimeout(() => latest.current(wanted, false), TYPING_PAUSE_MS);
  };
  return (
    <search class="orders-find">
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          window.clearTimeout(timer.current);
          if (meaningOf(typed.trim()).type !== 'wallet_code') latest.current(typed.trim(), true);
        }}
      >
        <label for={id}>{strings.orders.find}</label>
        <input
          id={id}
          ref={field}
          type="search"
          data-scan="words"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={128}
          placeholder={strings.orders.findHint}
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}

interface DayChooserProps {
  readonly day: string;
  readonly today: string;
  readonly onDay: (day: string) => void;
}

function DayChooser({ day, today, onDay }: DayChooserProps): VNode {
  const { strings } = useLanguage();
  const id = useId();
  return (
    <div class="orders-day">
      <div class="field">
        <label for={id}>{strings.orders.day}</label>
        <input
          id={id}
          type="date"
          required
          min="2000-01-01"
          max={today}
          value={day}
          // A date that is half typed is none yet.
          onChange={({ currentTarget: { value, validity } }) => {
            if (validity.valid) onDay(value);
          }}
        />
      </div>
      {day !== today && (
        <button type="button" class="button" onClick={() => onDay(today)}>
          {strings.orders.backToToday}
        </button>
      )}
    </div>
  );
}
