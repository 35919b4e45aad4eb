import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { OrderCard } from '../shared/contract.ts';
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
interface Found {
  readonly text: string;
  readonly businessDay: string;
  readonly orders: readonly OrderCard[];
  readonly isComplete: boolean;
  readonly notice: Notice | null;
}

/** Lists a day or what matches the text on it. Of several questions under way only the latest is heard. */
export function useSearch(text: string, businessDay: string): Search {
  const { api, snapshot } = useTill();
  const [found, setFound] = useState<Found | null>(null);
  const round = useRef(0);
  const isReadingMore = useRef(false);

  const read = async (earlier: Found | null, beforeMs?: number) => {
    round.current += 1;
    const thisRound = round.current;
    const question = { text, businessDay, limit: PAGE_ROWS };
    const reply = await api['orders.search'](beforeMs === undefined ? question : { ...question, beforeMs });
    if (thisRound !== round.current) return;
    isReadingMore.current = false;
    const kept = earlier ?? { text, businessDay, orders: [], isComplete: false };
    if (!reply.ok) {
      setFound({ ...kept, notice: reply.error });
      return;
    }
    const orders = merged(kept.orders, reply.value.orders);
    const isAtEnd =
      beforeMs === undefined
        ? // What was read again at the top says nothing about the end that was reached before.
          kept.isComplete
        : // A page of nothing new would be read again for ever.
          orders.length === kept.orders.length;
    setFound({ text, businessDay, orders, isComplete: reply.value.isComplete || isAtEnd, notice: null });
  };

  const isAnswered = found !== null && found.text === text && found.businessDay === businessDay;
  const answered = isAnswered ? found : null;
  const again = () => void read(answered);

  // A whole snapshot follows a lost connection, and nobody pushed what happened meanwhile.
  useEffect(again, [text, businessDay, snapshot.nowMs]);

  const isToday = text === '' && businessDay === snapshot.businessDay;
  const orders = useMemo(
    () => upToDate(isAnswered || !isToday ? found : null, snapshot.orders, isToday ? businessDay : null),
    [found, snapshot.orders, isAnswered, isToday, businessDay],
  );
  return {
    orders,
    isComplete: answered?.isComplete ?? true,
    isSearching: !isAnswered,
    notice: answered?.notice ?? null,
    more: () => {
      const last = answered?.orders.at(-1);
      if (isReadingMore.current || last === undefined) return;
      isReadingMore.current = true;
      void read(answered, last.createdAtMs);
    },
    again,
  };
}

/** Of two copies the newer; of what was pushed for today all that belongs between the rows read so far. */
function upToDate(
  found: Found | null,
  pushed: readonly OrderCard[],
  today: string | null,
): readonly OrderCard[] {
  const read = found?.orders ?? [];
  if (today === null) {
    const known = new Map(pushed.map((order) => [order.clientSn, order]));
    return read.map((order) => newer(order, known.get(order.clientSn)));
  }
  const ofToday = pushed.filter((order) => order.businessDay === today);
  if (found === null) return ofToday.slice(0, PAGE_ROWS);
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
