import type { Migration } from '../database/open.ts';

/** The gateway's own file: numbered steps, never edited once released. */
export const MIGRATIONS: readonly Migration[] = [
  (database) => {
    database.exec(`
      CREATE TABLE vendors (
        vendor_sn TEXT PRIMARY KEY,
        vendor_key TEXT NOT NULL,
        app_id TEXT NOT NULL,
        activation_code TEXT NOT NULL,
        code_salt TEXT NOT NULL
      ) STRICT;

      CREATE TABLE terminals (
        id INTEGER PRIMARY KEY,
        terminal_sn TEXT NOT NULL UNIQUE,
        vendor_sn TEXT NOT NULL REFERENCES vendors (vendor_sn),
        device_id TEXT,
        current_key TEXT NOT NULL,
        previous_key TEXT
      ) STRICT;

      CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        sn TEXT NOT NULL UNIQUE,
        client_sn TEXT NOT NULL UNIQUE,
        client_tsn TEXT NOT NULL,
        terminal_sn TEXT NOT NULL REFERENCES terminals (terminal_sn),
        status TEXT NOT NULL CHECK (status IN ('IN_FLIGHT', 'CREATED', 'PAID', 'PAY_CANCELED', 'CANCELED',
          'CANCEL_INPROGRESS', 'REFUNDED', 'PARTIAL_REFUNDED')),
        total_minor INTEGER NOT NULL CHECK (total_minor > 0),
        refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND total_minor),
        charges INTEGER NOT NULL CHECK (charges IN (0, 1)),
        payway TEXT NOT NULL,
        subject TEXT NOT NULL,
        operator TEXT NOT NULL,
        reflect TEXT,
        created_at_ms INTEGER NOT NULL,
        finished_at_ms INTEGER,
        due_at_ms INTEGER,
        due_status TEXT CHECK (due_status IN ('PAID', 'CANCELED')),
        fault TEXT,
        line_dead INTEGER NOT NULL CHECK (line_dead IN (0, 1)),
        reversals INTEGER NOT NULL DEFAULT 0,
        CHECK ((due_at_ms IS NULL) = (due_status IS NULL))
      ) STRICT;
      CREATE INDEX orders_due ON orders (due_at_ms) WHERE due_at_ms IS NOT NULL;

      CREATE TABLE refunds (
        order_id INTEGER NOT NULL REFERENCES orders (id),
        request_no TEXT NOT NULL,
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        PRIMARY KEY (order_id, request_no)
      ) STRICT;

      CREATE TABLE used_codes (digest TEXT PRIMARY KEY) STRICT;

      CREATE TABLE wire_log (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        path TEXT NOT NULL,
        terminal_sn TEXT,
        client_sn TEXT,
        sn TEXT,
        fault TEXT,
        signature TEXT NOT NULL CHECK (signature IN ('unchecked', 'ok', 'wrong', 'unknown_sn')),
        result TEXT,
        delivery TEXT NOT NULL CHECK (delivery IN ('waiting', 'sent', 'withheld', 'damaged', 'client_gone'))
      ) STRICT;
      CREATE INDEX wire_log_client_sn ON wire_log (client_sn);
    `);
  },
];
