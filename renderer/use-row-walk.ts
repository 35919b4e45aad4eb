import { useEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

/** The arrow keys walk from the search box of this part of the page into its rows of orders and through them. */
export function useRowWalk(): RefObject<HTMLElement | null> {
  const part = useRef<HTMLElement>(null);
  useEffect(() => {
    const walk = (event: KeyboardEvent) => walkRows(event, part.current);
    const element = part.current;
    element?.addEventListener('keydown', walk);
    return () => element?.removeEventListener('keydown', walk);
  }, []);
  return part;
}

function walkRows(event: KeyboardEvent, part: HTMLElement | null): void {
  const { key, target } = event;
  if ((key !== 'ArrowDown' && key !== 'ArrowUp') || !(target instanceof HTMLElement) || part === null) return;
  // In a date the arrows count days.
  if (target instanceof HTMLInputElement && target.type !== 'search') return;
  const links = [...part.querySelectorAll<HTMLElement>('.order-link')];
  const row = target.closest('.order');
  const index = links.findIndex((link) => row?.contains(link));
  if (key === 'ArrowUp' && index <= 0) part.querySelector<HTMLElement>('[type="search"]')?.focus();
  else links[key === 'ArrowDown' ? index + 1 : index - 1]?.focus();
  event.preventDefault();
}
