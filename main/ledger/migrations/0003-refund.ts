import type { DatabaseHandle } from '../../database/open.ts';

/**
 * Orders may owe a refund, and the ledger names the protocol its money was moved by: the same number means
 * another account where another protocol is spoken. `outbox` is made anew, because SQLite cannot change a
 * CHECK; its rows stay what they were.
 */
export function migrate0003(database: DatabaseHandle): void {
  database.exec(`
    CREATE TABLE outbox_next (
      client_sn TEXT NOT NULL PRIMARY KEY REFERENCES orders (client_sn),
      call TEXT NOT NULL CHECK (call IN ('pay', 'query', 'cancel', 'revoke', 'refund')),
      due_at_ms INTEGER NOT NULL,
      waiting_for TEXT NOT NULL CHECK (waiting_for IN ('time', 'network', 'configuration')),
      attended_until_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO outbox_next SELECT client_sn, call, due_at_ms, waiting_for, attended_until_ms FROM outbox;
    DROP TABLE outbox;
    ALTER TABLE outbox_next RENAME TO outbox;

    ALTER TABLE identity ADD COLUMN protocol TEXT;
    UPDATE identity SET protocol = 'upay' WHERE api_domain IS NOT NULL;
  `);
}
