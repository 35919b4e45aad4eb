import { closeSync, openSync, readSync } from 'node:fs';

/** `user_version` as it stands in the SQLite header, read without opening the database. */
export function schemaVersionOf(file: string): number {
  const header = Buffer.alloc(4);
  const handle = openSync(file, 'r');
  readSync(handle, header, 0, 4, 60);
  closeSync(handle);
  return header.readUInt32BE(0);
}
