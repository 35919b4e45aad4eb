import { useEffect, useMemo } from 'preact/hooks';
import { assertNever } from '../../shared/assert.ts';
import { BURST_PAUSE_MS, BurstReader, type Reading } from './scanner.ts';
import { meaningOf } from './scan-meaning.ts';
import { useLatest } from '../use-latest.ts';
import { useWindowEvent } from '../use-window-event.ts';

/**
 * Listens for scans anywhere on the page. Keys that turn out to be a scanner's are taken back out of the
 * field they began to fill. Returns the function that lets the same code be scanned again at once.
 */
export function useScanner(onScan: (text: string) => void): () => void {
  const latest = useLatest(onScan);
  const scanner = useMemo(() => createScanner((text) => latest.current(text)), []);
  useWindowEvent('keydown', scanner.onKeyDown, true);
  useWindowEvent('pointerdown', scanner.drop, true);
  useEffect(() => scanner.stop, []);
  return scanner.forget;
}

interface Scanner {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly drop: () => void;
  readonly forget: () => void;
  /** Nobody waits any more for the end of a burst. */
  readonly stop: () => void;
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
        if (!isForWords(before)) takeBack(event);
        return;
      case 'scanned':
        if (isForWords(before) && meaningOf(reading.text).type === 'number') return;
        takeBack(event);
        // What the field holds from now on is no longer the scan's; a second ending must not undo it.
        before = null;
        deliver(reading.text);
        return;
      case 'repeated':
        takeBack(event);
        return;
      default:
        assertNever(reading);
    }
  }

  /** This key was the scanner's: nothing else hears it, and the field is as it was. */
  function takeBack(event: KeyboardEvent | null): void {
    event?.preventDefault();
    event?.stopPropagation();
    if (before === null || before.field.value === before.value) return;
    before.field.value = before.value;
    // Tells the screen, which keeps the value.
    before.field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  return {
    onKeyDown,
    drop: () => reader.drop(),
    forget: () => reader.forget(),
    stop: () => window.clearTimeout(timer),
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
