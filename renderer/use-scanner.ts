import { useEffect, useMemo, useRef } from 'preact/hooks';
import { assertNever } from '../shared/assert.ts';
import { BURST_PAUSE_MS, BurstReader, type Reading } from './scanner.ts';
import { meaningOf } from './scan-meaning.ts';

/**
 * Listens for scans anywhere on the page. Keys that turn out to be a scanner's are taken back out of the
 * field they began to fill. Returns the function that lets the same code be scanned again at once.
 */
export function useScanner(onScan: (text: string) => void): () => void {
  const latest = useRef(onScan);
  latest.current = onScan;
  const scanner = useMemo(() => createScanner((text) => latest.current(text)), []);
  useEffect(() => scanner.listen(), [scanner]);
  return scanner.forget;
}

interface Scanner {
  readonly listen: () => () => void;
  readonly forget: () => void;
}

/** A field as it was before the first key of a burst. */
interface Before {
  readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly value: string;
}

function createScanner(deliver: (text: string) => void): Scanner {
  const reader = new BurstReader();
  let before: Before | null = null;
  let timer: number | undefined;

  function onKeyDown(event: KeyboardEvent): void {
    const key = keyOf(event);
    if (key === null) return;
    const atMs = event.timeStamp;
    if (!reader.continuesAt(atMs) && key !== 'Enter') before = fieldBefore();
    handle(reader.press({ key, atMs }), event);
  }

  function handle(reading: Reading, event: KeyboardEvent | null): void {
    window.clearTimeout(timer);
    switch (reading.type) {
      case 'typing':
        return;
      case 'scanning':
        timer = window.setTimeout(() => handle(reader.pause(performance.now()), null), BURST_PAUSE_MS);
        // Where words are typed, a fast text may be meant for the field; that shows at its end.
        if (isForWords(before)) return;
        event?.preventDefault();
        event?.stopPropagation();
        giveBack(before);
        return;
      case 'scanned':
        if (isForWords(before) && meaningOf(reading.text).type === 'number') return;
        event?.preventDefault();
        event?.stopPropagation();
        giveBack(before);
        deliver(reading.text);
        return;
      case 'repeated':
        event?.preventDefault();
        event?.stopPropagation();
        giveBack(before);
        return;
      default:
        assertNever(reading);
    }
  }

  return {
    forget: () => reader.forget(),
    listen() {
      const drop = () => reader.drop();
      window.addEventListener('keydown', onKeyDown, { capture: true });
      window.addEventListener('pointerdown', drop, { capture: true });
      return () => {
        window.clearTimeout(timer);
        window.removeEventListener('keydown', onKeyDown, { capture: true });
        window.removeEventListener('pointerdown', drop, { capture: true });
      };
    },
  };
}

/**
 * The character a scanner typed, `Enter` for whatever ends a code, null for keys that say nothing. LF
 * arrives as Ctrl+J from many scanners; an input method hides the key but not its place on the keyboard.
 */
function keyOf(event: KeyboardEvent): string | null {
  const { key, code, ctrlKey, altKey, metaKey, repeat } = event;
  // A finger that rests on a key types as fast as a scanner.
  if (repeat) return null;
  if (key === 'Enter' || key === 'Tab' || (ctrlKey && (code === 'KeyJ' || code === 'KeyM'))) {
    // The browser would open its downloads.
    if (ctrlKey) event.preventDefault();
    return 'Enter';
  }
  if (ctrlKey || altKey || metaKey) return null;
  if (key === 'Process') return /^(?:Digit|Key|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? null;
  return key.length === 1 ? key : null;
}

/** The field that this key goes to; a digit pressed anywhere else goes to the amount. */
function fieldBefore(): Before | null {
  const { activeElement } = document;
  const isField = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement;
  const field = isField ? activeElement : document.querySelector<HTMLInputElement>('[data-scan="amount"]');
  return field === null ? null : { field, value: field.value };
}

/** Fields for words and numbers of any length; the amount is never one. The code field takes what it is given. */
function isForWords(before: Before | null): boolean {
  return before !== null && before.field.dataset['scan'] === 'words';
}

/** Puts back what the field held; the `input` event tells the screen, which keeps the value. */
function giveBack(before: Before | null): void {
  if (before === null || before.field.value === before.value) return;
  before.field.value = before.value;
  before.field.dispatchEvent(new Event('input', { bubbles: true }));
}
