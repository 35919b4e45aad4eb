/**
 * Tells a scanner from fingers. A scanner is a keyboard that types a whole code in a burst and ends it with
 * Enter, Tab, CR, LF, both, or nothing at all.
 */

/** Between two keys of one burst; scanners take 1 to 30 ms. Fingers may be this fast twice, never twelve times. */
const BURST_GAP_MS = 100;
/** After this long without a key a burst without an ending is over. */
export const BURST_PAUSE_MS = 250;
/** Shorter bursts are taken for typing: no amount is this long, and no wallet code or receipt number is shorter. */
const SHORTEST_SCAN = 12;
const LONGEST_SCAN = 512;
/** The LF of a CR+LF follows this closely. */
const SECOND_ENDING_MS = 40;
/** A trigger pulled twice reads the same code again within this. */
const SAME_SCAN_MS = 2000;
/** A card may be meant twice, as in `44.00`; only a bouncing trigger is quicker. */
const SAME_CARD_MS = 400;
const CARD = /^REDRESS:/;

/** One key press: `key` is one character, or `Enter` where a code may end. */
export interface Stroke {
  readonly key: string;
  readonly atMs: number;
}

/** What a key press turns out to be. */
export type Reading =
  /** A finger, or nobody can tell yet. */
  | { readonly type: 'typing' }
  /** So many keys came so fast that no finger can have typed them. */
  | { readonly type: 'scanning' }
  | { readonly type: 'scanned'; readonly text: string }
  /** The same code a second time, or the LF after a CR. */
  | { readonly type: 'repeated' };

const TYPING: Reading = { type: 'typing' };

/** Recognises bursts. It keeps no clock: time comes with each key. */
export class BurstReader {
  #text = '';
  #lastKeyAtMs = Number.NEGATIVE_INFINITY;
  #last: { readonly text: string; readonly atMs: number } | null = null;

  /** Whether a key at this instant would still belong to the running burst. */
  continuesAt(atMs: number): boolean {
    return this.#text !== '' && atMs - this.#lastKeyAtMs <= BURST_GAP_MS;
  }

  press({ key, atMs }: Stroke): Reading {
    if (key === 'Enter') return this.#end(atMs);
    this.#text = this.continuesAt(atMs) ? (this.#text + key).slice(0, LONGEST_SCAN) : key;
    this.#lastKeyAtMs = atMs;
    return this.#isScan() ? { type: 'scanning' } : TYPING;
  }

  /** The end of a burst that no key has ended. */
  pause(atMs: number): Reading {
    return this.#isScan() ? this.#finish(atMs) : TYPING;
  }

  /** Something else has happened, so the keys so far are no scan. */
  drop(): void {
    this.#text = '';
  }

  /** Nothing came of what was scanned, so the same code may be scanned again at once. */
  forget(): void {
    this.#last = null;
  }

  #isScan(): boolean {
    return this.#text.length >= SHORTEST_SCAN;
  }

  #end(atMs: number): Reading {
    if (this.#isScan() && this.continuesAt(atMs)) return this.#finish(atMs);
    const isSecondEnding =
      this.#text === '' && this.#last !== null && atMs - this.#last.atMs <= SECOND_ENDING_MS;
    this.#text = '';
    return isSecondEnding ? { type: 'repeated' } : TYPING;
  }

  #finish(atMs: number): Reading {
    const text = onceOnly(this.#text.trim());
    this.#text = '';
    const sameWithinMs = CARD.test(text) ? SAME_CARD_MS : SAME_SCAN_MS;
    const isRepeated = this.#last?.text === text && atMs - this.#last.atMs <= sameWithinMs;
    this.#last = { text, atMs };
    return isRepeated ? { type: 'repeated' } : { type: 'scanned', text };
  }
}

/** A trigger that bounces types one code twice in one burst. No wallet code is as long as two. */
function onceOnly(text: string): string {
  const half = text.slice(0, text.length / 2);
  return half.length >= 16 && half + half === text ? half : text;
}

/** Scanners wrap codes in control characters, which no code has. */
export function withoutControlCharacters(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
