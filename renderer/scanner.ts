/**
 * Tells a scanner from fingers. A scanner is a keyboard that types a whole code in a burst; it ends the
 * burst with Enter (CR, LF or both) or with nothing at all. The first keys of a burst look like typing and
 * have reached whatever field was focused, so the burst carries what is needed to take them back.
 */

/** Between two keys of one burst; scanners take 1 to 30 ms, fast fingers 60 and more (peers.md, scanner row). */
const BURST_GAP_MS = 50;
/** After the last key a burst without an ending is taken to be over. */
export const BURST_PAUSE_MS = 250;
/** Shorter bursts are fingers: an amount is never this long, a wallet code never shorter (upay.md 2.3). */
const SHORTEST_SCAN = 8;
/** The CR and LF of one scan, and a trigger pulled twice, arrive within this. */
const SAME_SCAN_MS = 2000;
const LONGEST_SCAN = 512;

/** One key press as the page saw it. */
export interface Stroke {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  readonly atMs: number;
}

/** What a key press turns out to be. */
export type Reading =
  /** A finger, or nobody can tell yet: the page goes on as if there were no scanner. */
  | { readonly type: 'typing' }
  /** Certainly part of a scan; nothing else may act on this key. */
  | { readonly type: 'scanning' }
  | { readonly type: 'scanned'; readonly text: string }
  /** The same code a second time, or the second half of CR+LF. */
  | { readonly type: 'repeated' };

/** Recognises bursts. Pure but for its own memory: time comes with each key. */
export class BurstReader {
  #text = '';
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #last: { readonly text: string; readonly atMs: number } | null = null;

  /** Reads one key press. */
  press({ key, atMs }: Stroke): Reading {
    const continues = atMs - this.#lastAtMs <= BURST_GAP_MS;
    if (key === 'Enter') return this.#end(continues, atMs);
    if (key.length !== 1) {
      // Shift comes with capital letters; any other key is a finger's.
      if (key !== 'Shift') this.#text = '';
      return { type: 'typing' };
    }
    this.#text = continues ? (this.#text + key).slice(0, LONGEST_SCAN) : key;
    this.#lastAtMs = atMs;
    return this.isScanning() ? { type: 'scanning' } : { type: 'typing' };
  }

  /** The burst that ended without an Enter, once the pause is over. */
  pause(atMs: number): Reading {
    if (!this.isScanning() || atMs - this.#lastAtMs < BURST_PAUSE_MS) return { type: 'typing' };
    return this.#finish(atMs);
  }

  /** So many keys came so fast that no finger can have typed them. */
  isScanning(): boolean {
    return this.#text.length >= SHORTEST_SCAN;
  }

  /** How many keys of the running burst have gone to the page before it was known to be one. */
  get leaked(): number {
    return SHORTEST_SCAN - 1;
  }

  /** What was scanned has been used or refused: the same code may come again at once. */
  forget(): void {
    this.#last = null;
  }

  /** Somebody has taken what was scanned so far out of the field by hand. */
  drop(): void {
    this.#text = '';
  }

  #end(continues: boolean, atMs: number): Reading {
    if (continues && this.isScanning()) return this.#finish(atMs);
    // LF after CR: the scan is over already, and the second ending must press no button.
    const isSecondEnding = this.#text === '' && this.#last !== null && atMs - this.#last.atMs <= BURST_GAP_MS;
    this.#text = '';
    return isSecondEnding ? { type: 'repeated' } : { type: 'typing' };
  }

  #finish(atMs: number): Reading {
    const text = onceOnly(this.#text);
    this.#text = '';
    const isRepeated = this.#last?.text === text && atMs - this.#last.atMs <= SAME_SCAN_MS;
    this.#last = { text, atMs };
    return isRepeated ? { type: 'repeated' } : { type: 'scanned', text };
  }
}

/** A trigger that bounces types the code twice in one burst. Only digits: a number on a receipt may repeat itself. */
function onceOnly(text: string): string {
  const trimmed = text.trim();
  const half = trimmed.slice(0, trimmed.length / 2);
  return half.length >= 16 && half + half === trimmed && /^\d+$/.test(half) ? half : trimmed;
}

/** Scanners wrap codes in control characters, which no code has. */
export function withoutControlCharacters(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
