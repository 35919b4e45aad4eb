import { join } from 'node:path';

/** What Chromium keeps of this data directory: how its screens look, and on Windows the key store's own key. */
export function browserFolder(directory: string): string {
  return join(directory, 'browser');
}
