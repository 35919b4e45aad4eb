import type { DatabaseHandle } from '../../database/open.ts';

/**
 * The journal is the truth and only grows; `orders` and `outbox` are projections of it. Times are
 * epoch milliseconds, money is integer minor units.
 */
export function migrate0001(database: DatabaseHandle): void {
  database.exec(`
    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY,
      client_sn TEXT,
      at_ms INTEGER NOT NULL,
      event TEXT NOT NULL,
      version INTEGER NOT NULL,
      body TEXT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX journal_by_order ON journal (client_sn, seq) WHERE client_sn IS NOT NULL;

    CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

    CREATE TABLE orders (
      client_sn TEXT NOT NULL PRIMARY KEY CHECK (length(client_sn) BETWEEN 1 AND 32),
      sn TEXT,
      sale_id TEXT NOT NULL,
      state TEXT NOT NULL,
      charged TEXT NOT NULL CHECK (charged IN ('yes', 'no', 'unknown')),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      business_day TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX orders_by_sn ON orders (sn) WHERE sn IS NOT NULL;
    CREATE INDEX orders_by_sale ON orders (sale_id);
    CREATE INDEX orders_by_day ON orders (business_day, created_at_ms);
    CREATE INDEX orders_undecided ON orders (created_at_ms)
      WHERE state IN ('collecting', 'confirming', 'reversing', 'verifying', 'revoking', 'attention');

    CREATE TABLE outbox (
      client_sn TEXT NOT NULL PRIMARY KEY REFERENCES orders (client_sn),
      call TEXT NOT NULL CHECK (call IN ('pay', 'query', 'cancel', 'revoke')),
      due_at_ms INTEGER NOT NULL,
      waiting_for TEXT NOT NULL CHECK (waiting_for IN ('time', 'network', 'configuration'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX outbox_by_due ON outbox (due_at_ms);

    CREATE TABLE scanned_codes (
      fingerprint BLOB NOT NULL PRIMARY KEY CHECK (length(fingerprint) = 32),
      client_sn TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX scanned_codes_by_time ON scanned_codes (at_ms);

    CREATE TABLE identity (
      id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
      fingerprint_key BLOB NOT NULL CHECK (length(fingerprint_key) = 32)
    ) STRICT;
    INSERT INTO identity (id, fingerprint_key) VALUES (1, randomblob(32));
  `);
}
