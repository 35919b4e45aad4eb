import { randomBytes } from 'node:crypto';
import { arch, freemem, hostname, platform, release, totalmem } from 'node:os';
import envPaths from 'env-paths';
import manifest from '../../package.json' with { type: 'json' };

/** The zone of the shops that Redress was made for; a machine that nobody set stands in UTC. */
const USUAL_TIME_ZONE = 'Asia/Shanghai';
const DEVICE_NAME_LENGTH = 23;

/** The host's name, for people, and chance, so that no two machines are called alike. */
function newDeviceId(): string {
  const name = hostname()
    .replaceAll(/[^A-Za-z0-9-]/g, '-')
    .slice(0, DEVICE_NAME_LENGTH);
  return `${name}-${randomBytes(4).toString('hex')}`;
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
  newDeviceId,
  hostName: () => hostname().slice(0, 64),
  suggestTimeZone,
} as const;

/** The programs that a process is made of; null where one is not part of it. */
export interface ProgramVersions {
  readonly redress: string;
  readonly node: string;
  readonly electron: string | null;
  readonly chrome: string | null;
}

export const programVersions: ProgramVersions = {
  redress: manifest.version,
  node: process.versions.node,
  electron: process.versions['electron'] ?? null,
  chrome: process.versions['chrome'] ?? null,
};

/** What support asks of the machine and of this process. */
export interface MachineFacts {
  readonly system: string;
  readonly arch: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly processUptimeMs: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly freeMemoryBytes: number;
  readonly totalMemoryBytes: number;
}

export function machineFacts(): MachineFacts {
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    system: machine.osInfo,
    arch: arch(),
    locale,
    timeZone,
    processUptimeMs: Math.round(process.uptime() * 1000),
    residentBytes: rss,
    heapUsedBytes: heapUsed,
    freeMemoryBytes: freemem(),
    totalMemoryBytes: totalmem(),
  };
}

/** Where this platform keeps an application's data; `$REDRESS_DATA` wins. */
export function defaultDataDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment['REDRESS_DATA'];
  return chosen !== undefined && chosen !== '' ? chosen : envPaths('redress', { suffix: '' }).data;
}
