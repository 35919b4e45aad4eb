import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';
import { useFormats, useTill } from '../till.ts';
import { useWindowEvent } from '../use-window-event.ts';

/** On paper only: which terminal says so, and since when it may have changed. */
export function PrintHead(): VNode {
  const { state, snapshot } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const line = useRef<HTMLParagraphElement>(null);
  useWindowEvent('beforeprint', () => {
    if (line.current === null) return;
    // Written past the renderer, which would draw it only after the page has gone to the printer.
    line.current.textContent = strings.orders.printedAt(
      snapshot.terminalSn,
      formats.dateTime(Date.now() + state.clockOffsetMs),
    );
  });
  return <p ref={line} class="print-head" />;
}
