import { arch, platform, release } from 'node:os';
import envPaths from 'env-paths';
import manifest from '../../package.json' with { type: 'json' };

/** What a terminal says of itself at check-in, within the wire's 45 characters. */
export const machine = {
  osInfo: `${platform()} ${release()} ${arch()}`.slice(0, 45),
  version: manifest.version,
  nodeVersion: process.versions.node,
} as const;

/** Where this platform keeps an application's data; `$REDRESS_DATA` wins. */
export function defaultDataDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment['REDRESS_DATA'];
  return chosen !== undefined && chosen !== '' ? chosen : envPaths('redress', { suffix: '' }).data;
}
