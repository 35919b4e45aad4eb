import { createHash } from 'node:crypto';
import { arch, hostname, networkInterfaces, platform, release } from 'node:os';
import envPaths from 'env-paths';
import manifest from '../../package.json' with { type: 'json' };

/** The zone of the shops that Redress was made for; a machine that nobody set stands in UTC. */
const USUAL_TIME_ZONE = 'Asia/Shanghai';
const DEVICE_NAME_LENGTH = 23;

/**
 * A name that stays the same for this machine and differs between machines that were copied from one image:
 * the host's name and a digest of its network cards.
 */
function suggestDeviceId(): string {
  const cards = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ mac }) => mac)
    .filter((mac) => !/^[0:]+$/.test(mac));
  const digest = createHash('sha256')
    .update([...new Set(cards)].toSorted().join())
    .digest('hex');
  const name = hostname()
    .replaceAll(/[^A-Za-z0-9-]/g, '-')
    .slice(0, DEVICE_NAME_LENGTH);
  return `${name}-${digest.slice(0, 8)}`;
}

function suggestTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return /^(Etc\/)?(UTC|GMT|UCT|Zulu)/.test(timeZone) ? USUAL_TIME_ZONE : timeZone;
}

/** What a terminal says of itself at check-in, within the wire's 45 characters. */
export const machine = {
  osInfo: `${platform()} ${release()} ${arch()}`.slice(0, 45),
  platform: process.platform,
  version: manifest.version,
  nodeVersion: process.versions.node,
  /** What a form of set-up begins with. */
  suggestion: () => ({
    deviceId: suggestDeviceId(),
    deviceName: hostname().slice(0, 64),
    timeZone: suggestTimeZone(),
  }),
} as const;

/** Where this platform keeps an application's data; `$REDRESS_DATA` wins. */
export function defaultDataDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment['REDRESS_DATA'];
  return chosen !== undefined && chosen !== '' ? chosen : envPaths('redress', { suffix: '' }).data;
}
