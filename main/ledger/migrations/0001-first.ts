import type { DatabaseHandle } from '../../database/open.ts';

/**
 * The journal is the truth and only grows. A row of `orders` points at the order's last entry and
 * repeats only what is searched by; each entry points at the order's entry before it; a row of `outbox`
 * is the call the last entry owes. Times are epoch milliseconds, money is integer minor units.
 *
 * Every index costs a page in every commit, so there is none that a pointer can replace. A sale that
 * nobody named is its order's own name and needs no index either.
 */
export function migrate0001(database: DatabaseHandle): void {
  database.exec(`
    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY,
      client_sn TEXT,
      previous_seq INTEGER REFERENCES journal (seq),
      at_ms INTEGER NOT NULL,
      event TEXT NOT NULL,
      version INTEGER NOT NULL,
      body TEXT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;

    CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

    CREATE TABLE orders (
      client_sn TEXT NOT NULL PRIMARY KEY CHECK (length(client_sn) BETWEEN 1 AND 32),
      seq INTEGER NOT NULL REFERENCES journal (seq),
      sn TEXT,
      sale_id TEXT NOT NULL,
      state TEXT NOT NULL,
      charged TEXT NOT NULL CHECK (charged IN ('yes', 'no', 'unknown')),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      business_day TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX orders_by_sn ON orders (sn) WHERE sn IS NOT NULL;
    CREATE INDEX orders_by_sale ON orders (sale_id) WHERE sale_id <> client_sn;
    CREATE INDEX orders_by_day ON orders (business_day, created_at_ms);
    CREATE INDEX orders_in_attention ON orders (created_at_ms) WHERE state = 'attention';

    CREATE TABLE outbox (
      client_sn TEXT NOT NULL PRIMARY KEY REFERENCES orders (client_sn),
      call TEXT NOT NULL CHECK (call IN ('pay', 'query', 'cancel', 'revoke')),
      due_at_ms INTEGER NOT NULL,
      waiting_for TEXT NOT NULL CHECK (waiting_for IN ('time', 'network', 'configuration')),
      attended_until_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE identity (
      id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
      fingerprint_key BLOB NOT NULL CHECK (length(fingerprint_key) = 32)
    ) STRICT;
    INSERT INTO identity (id, fingerprint_key) VALUES (1, randomblob(32));
  `);
}
