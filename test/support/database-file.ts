import { openDatabase, type DatabaseHandle } from '../../main/database/open.ts';
import { messageOf } from '../../shared/errors.ts';

/** No schema of this project has had more steps yet. */
const MOST_VERSIONS = 50;

/**
 * Opens one of the product's SQLite files as it is, whatever the version of its schema, and lets it go
 * again: what a curious person with a database tool can do.
 */
export function inDatabase<Value>(file: string, work: (database: DatabaseHandle) => Value): Value {
  for (let version = 0; version <= MOST_VERSIONS; version += 1) {
    const opened = openDatabase(
      file,
      Array.from({ length: version }, () => () => undefined),
    );
    if (!opened.ok && opened.error.code === 'data_newer') continue;
    if (!opened.ok) throw new Error(messageOf(opened.error));
    try {
      return work(opened.value);
    } finally {
      opened.value.close();
    }
  }
  throw new Error(`${file} has a version no one knows`);
}
