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
  // Orders of other protocols than Upay have no terminal, which only a new table can allow.
  (database) => {
    database.exec(`
      CREATE TABLE clients (
        client_id TEXT PRIMARY KEY,
        protocol TEXT NOT NULL UNIQUE CHECK (protocol IN ('alipayplus', 'miniprogram')),
        client_private_key TEXT NOT NULL,
        client_public_key TEXT NOT NULL,
        gateway_private_key TEXT NOT NULL,
        gateway_public_key TEXT NOT NULL
      ) STRICT;

      CREATE TABLE new_orders (
        id INTEGER PRIMARY KEY,
        protocol TEXT NOT NULL CHECK (protocol IN ('upay', 'alipayplus', 'miniprogram')),
        sn TEXT NOT NULL UNIQUE,
        client_sn TEXT NOT NULL,
        client_tsn TEXT NOT NULL,
        terminal_sn TEXT REFERENCES terminals (terminal_sn),
        client_id TEXT REFERENCES clients (client_id),
        status TEXT NOT NULL CHECK (status IN ('IN_FLIGHT', 'CREATED', 'PAID', 'PAY_CANCELED', 'CANCELED',
          'CANCEL_INPROGRESS', 'REFUNDED', 'PARTIAL_REFUNDED')),
        total_minor INTEGER NOT NULL CHECK (total_minor > 0),
        refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND total_minor),
        currency TEXT NOT NULL,
        charges INTEGER NOT NULL CHECK (charges IN (0, 1)),
        payway TEXT NOT NULL,
        subject TEXT NOT NULL,
        operator TEXT NOT NULL,
        reflect TEXT,
        content_digest TEXT,
        created_at_ms INTEGER NOT NULL,
        paid_at_ms INTEGER,
        finished_at_ms INTEGER,
        due_at_ms INTEGER,
        due_status TEXT CHECK (due_status IN ('PAID', 'CANCELED')),
        fault TEXT,
        line_dead INTEGER NOT NULL CHECK (line_dead IN (0, 1)),
        reversals INTEGER NOT NULL DEFAULT 0,
        UNIQUE (protocol, client_sn),
        CHECK ((terminal_sn IS NULL) = (protocol <> 'upay')),
        CHECK ((client_id IS NULL) = (protocol = 'upay')),
        CHECK ((due_at_ms IS NULL) = (due_status IS NULL))
      ) STRICT;
      INSERT INTO new_orders (id, protocol, sn, client_sn, client_tsn, terminal_sn, status, total_minor, refunded_minor,
        currency, charges, payway, subject, operator, reflect, created_at_ms, paid_at_ms, finished_at_ms, due_at_ms,
        due_status, fault, line_dead, reversals)
      SELECT id, 'upay', sn, client_sn, client_tsn, terminal_sn, status, total_minor, refunded_minor, 'CNY', charges,
        payway, subject, operator, reflect, created_at_ms, CASE charges WHEN 1 THEN created_at_ms END, finished_at_ms,
        due_at_ms, due_status, fault, line_dead, reversals
      FROM orders;

      CREATE TABLE new_refunds (
        id INTEGER PRIMARY KEY,
        order_id INTEGER NOT NULL REFERENCES new_orders (id),
        request_no TEXT NOT NULL,
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        refunded_at_ms INTEGER NOT NULL,
        UNIQUE (order_id, request_no)
      ) STRICT;
      INSERT INTO new_refunds (order_id, request_no, amount_minor, refunded_at_ms)
      SELECT order_id, request_no, amount_minor, coalesce(finished_at_ms, created_at_ms)
      FROM refunds JOIN orders ON orders.id = order_id;

      DROP TABLE refunds;
      DROP TABLE orders;
      ALTER TABLE new_orders RENAME TO orders;
      ALTER TABLE new_refunds RENAME TO refunds;
      CREATE INDEX orders_due ON orders (due_at_ms) WHERE due_at_ms IS NOT NULL;
      CREATE INDEX orders_client_sn ON orders (client_sn);

      ALTER TABLE wire_log ADD COLUMN call TEXT NOT NULL DEFAULT 'pay';
      ALTER TABLE wire_log ADD COLUMN client_id TEXT;
      UPDATE wire_log SET call = replace(replace(path, '/upay/v2/', ''), '/terminal/', '');
    `);
  },
];
