import { useLayoutEffect, useState } from 'preact/hooks';

/** The sale being prepared. */
export interface Draft {
  readonly amount: string;
  /** A wallet's code; it stays here only until it is sent. */
  readonly code: string;
  readonly saleId: string;
  readonly subject: string;
}

export const EMPTY_DRAFT: Draft = { amount: '', code: '', saleId: '', subject: '' };

/** How long a payment code may wait for its amount (upay.md 2.3: codes live about a minute). */
export const CODE_LIFE_MS = 60_000;

/**
 * What is typed or scanned for the next sale. It stands outside of the screen's state, so that a key press
 * draws the form again and nothing else.
 */
export class DraftStore {
  #draft = EMPTY_DRAFT;
  #codeTimer: number | undefined;
  readonly #listeners = new Set<() => void>();

  get current(): Draft {
    return this.#draft;
  }

  change(change: Partial<Draft>): void {
    this.#draft = { ...this.#draft, ...change };
    if (change.code !== undefined) this.#limitCode();
    this.#tell();
  }

  /** The sale is on its way; a code that was scanned meanwhile is the next customer's. */
  beginNext(): void {
    const { code } = this.#draft;
    if (code === '') this.clear();
    else this.change({ ...EMPTY_DRAFT, code });
  }

  /** Nothing is prepared any more. */
  clear(): void {
    window.clearTimeout(this.#codeTimer);
    this.#draft = EMPTY_DRAFT;
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Wallets change their code after about a minute, and until then it is as good as money. */
  #limitCode(): void {
    window.clearTimeout(this.#codeTimer);
    if (this.#draft.code !== '')
      this.#codeTimer = window.setTimeout(() => this.change({ code: '' }), CODE_LIFE_MS);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function useDraft(store: DraftStore): Draft {
  const [draft, setDraft] = useState(store.current);
  useLayoutEffect(() => {
    const follow = () => setDraft(store.current);
    follow();
    return store.subscribe(follow);
  }, [store]);
  return draft;
}
