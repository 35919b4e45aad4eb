import type { DatabaseHandle, Statement } from '../database/open.ts';

/** Whose money a ledger is about: a protocol, an acquirer's address and the number it knows this terminal by. */
export interface Identity {
  readonly protocol: string;
  /** With the path prefix of the protocol where it has one: behind another prefix stands another acquirer. */
  readonly apiDomain: string;
  readonly terminalSn: string;
}

/** The identity as the file keeps it; null until a terminal has opened it for business. */
export class BoundIdentity {
  readonly #read: Statement<[], { [Member in keyof Identity]: string | null }>;
  readonly #write: Statement<[string, string, string]>;

  constructor(database: DatabaseHandle) {
    this.#read = database.prepare(
      'SELECT protocol, api_domain AS apiDomain, terminal_sn AS terminalSn FROM identity WHERE id = 1',
    );
    this.#write = database.prepare(
      'UPDATE identity SET protocol = ?, api_domain = ?, terminal_sn = ? WHERE id = 1',
    );
  }

  get(): Identity | null {
    const { protocol = null, apiDomain = null, terminalSn = null } = this.#read.get() ?? {};
    if (protocol === null || apiDomain === null || terminalSn === null) return null;
    return { protocol, apiDomain, terminalSn };
  }

  /** Inside the caller's transaction. */
  set({ protocol, apiDomain, terminalSn }: Identity): void {
    this.#write.run(protocol, apiDomain, terminalSn);
  }
}
