import type { DatabaseHandle, Statement } from '../database/open.ts';

/** Whose money a ledger is about: an acquirer's address and the number it knows this terminal by. */
export interface Identity {
  readonly apiDomain: string;
  readonly terminalSn: string;
}

/** The identity as the file keeps it; null until a terminal has opened it for business. */
export class BoundIdentity {
  readonly #read: Statement<[], { apiDomain: string | null; terminalSn: string | null }>;
  readonly #write: Statement<[string, string]>;

  constructor(database: DatabaseHandle) {
    this.#read = database.prepare(
      'SELECT api_domain AS apiDomain, terminal_sn AS terminalSn FROM identity WHERE id = 1',
    );
    this.#write = database.prepare('UPDATE identity SET api_domain = ?, terminal_sn = ? WHERE id = 1');
  }

  get(): Identity | null {
    const { apiDomain = null, terminalSn = null } = this.#read.get() ?? {};
    return apiDomain === null || terminalSn === null ? null : { apiDomain, terminalSn };
  }

  /** Inside the caller's transaction. */
  set({ apiDomain, terminalSn }: Identity): void {
    this.#write.run(apiDomain, terminalSn);
  }
}
