import type { DatabaseHandle } from '../../database/open.ts';

/**
 * The acquirer and the terminal number that the orders of this ledger belong to, so that settings which were
 * lost, damaged or edited cannot have another acquirer asked about money that this one holds. Null until a
 * terminal of this version has opened the ledger.
 */
export function migrate0002(database: DatabaseHandle): void {
  database.exec(`
    ALTER TABLE identity ADD COLUMN api_domain TEXT;
    ALTER TABLE identity ADD COLUMN terminal_sn TEXT;
  `);
}
