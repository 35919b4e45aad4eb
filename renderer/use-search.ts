import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CallArgs, OrderCard } from '../shared/contract.ts';
import type { Notice } from './state.ts';
import { useTill } from './till.ts';

const PAGE_ROWS = 100;

/** What the list shows, kept up to date by every push. */
export interface Search {
  /** Newest first, each order once. */
  readonly orders: readonly OrderCard[];
  /** False where older ones match as well; `more` reads them. */
  readonly isComplete: boolean;
  /** The rows are still those of the question before this one. */
  readonly isSearching: boolean;
  /** Why the last reading failed. */
  readonly notice: Notice | null;
  readonly more: () => void;
  readonly again: () => void;
}

/** The pages read so far of one question. */
export interface Found {
  readonly text: string;
  readonly businessDay: string;
  readonly orders: readonly OrderCard[];
  readonly isComplete: boolean;
  readonly notice: Notice | null;
}

/** Lists a day or what matches the text on it. Of several questions under way only the latest is heard. */
export function useSearch(text: string, businessDay: string): Search {
  const { api, snapshot, lastList } = useTill();
  const { nowMs } = snapshot;
  const isAbout = (pages: Found | null) => pages?.text === text && pages.businessDay === businessDay;
  const [found, setFound] = useState(() => {
    const { found: last } = lastList.current;
    return isAbout(last) ? last : null;
  });
  // A window keeps a bounded number of orders; what was pushed and has left it is still newer than what was read.
  const newest = useMemo(() => new Map<string, OrderCard>(), [nowMs]);
  const round = useRef(0);
  const isReading = useRef(false);
  const isAnswered = isAbout(found);
  const answered = isAnswered ? found : null;

  /** Goes on below what was begun, until there are as many as wanted. */
  const read = async (begun: readonly OrderCard[], wanted: number) => {
    round.current += 1;
    const thisRound = round.current;
    isReading.current = true;
    let orders = begun;
    let isComplete = false;
    let notice: Notice | null = null;
    do {
      const reply = await api['orders.search'](question(text, businessDay, orders.at(-1)));
      if (thisRound !== round.current) return;
      if (!reply.ok) {
        notice = reply.error;
        break;
      }
      const more = merged(orders, reply.value.orders);
      // A page of nothing new would be read again for ever.
      isComplete = reply.value.isComplete || more.length === orders.length;
      orders = more;
    } while (!isComplete && orders.length < wanted);
    isReading.current = false;
    const pages = notice !== null && answered !== null ? answered : { text, businessDay, orders, isComplete };
    setFound({ ...pages, notice });
  };
  const again = () => void read([], answered?.orders.length ?? 1);

  // A whole snapshot follows a lost connection, and nobody pushed what happened meanwhile.
  useEffect(again, [text, businessDay, nowMs]);
  useEffect(() => {
    lastList.current = { ...lastList.current, found };
  }, [found]);

  const isToday = text === '' && businessDay === snapshot.businessDay;
  const orders = useMemo(() => {
    for (const order of snapshot.orders) newest.set(order.clientSn, newer(order, newest.get(order.clientSn)));
    return upToDate(isAnswered || !isToday ? found : null, newest, isToday ? businessDay : null);
  }, [found, snapshot.orders, newest, isAnswered, isToday, businessDay]);
  return {
    orders,
    isComplete: answered?.isComplete ?? true,
    isSearching: !isAnswered,
    notice: answered?.notice ?? null,
    more: () => {
      if (isReading.current || answered === null) return;
      void read(answered.orders, answered.orders.length + 1);
    },
    again,
  };
}

function question(text: string, businessDay: string, end: OrderCard | undefined): CallArgs<'orders.search'> {
  const page = { text, businessDay, limit: PAGE_ROWS };
  return end === undefined ? page : { ...page, beforeMs: end.createdAtMs };
}

/** Of two copies the newer; of what was pushed for today all that belongs between the rows read so far. */
function upToDate(
  found: Found | null,
  newest: ReadonlyMap<string, OrderCard>,
  today: string | null,
): readonly OrderCard[] {
  const read = (found?.orders ?? []).map((order) => newer(order, newest.get(order.clientSn)));
  if (today === null) return read;
  const ofToday = [...newest.values()].filter((order) => order.businessDay === today);
  if (found === null) return merged([], ofToday).slice(0, PAGE_ROWS);
  const endMs = found.isComplete ? Number.NEGATIVE_INFINITY : (read.at(-1)?.createdAtMs ?? 0);
  return merged(
    read,
    ofToday.filter(({ createdAtMs }) => createdAtMs >= endMs),
  );
}

function merged(some: readonly OrderCard[], others: readonly OrderCard[]): readonly OrderCard[] {
  const rows = new Map(some.map((order) => [order.clientSn, order]));
  for (const order of others) rows.set(order.clientSn, newer(order, rows.get(order.clientSn)));
  return [...rows.values()].toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}

function newer(order: OrderCard, other: OrderCard | undefined): OrderCard {
  return other !== undefined && other.revision >= order.revision ? other : order;
}
