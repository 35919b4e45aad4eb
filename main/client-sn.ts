import type { Random } from './shell/clock.ts';

/** Crockford's alphabet: no letter that a person reads as another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 11;

/**
 * A name for a new order, `YYYYMMDD-HHMMSS-` and 55 random bits: sortable by eye, 27 characters, never
 * reused. The ledger's primary key refuses the impossible repeat.
 */
export function newClientSn(atMs: number, timeZone: string, random: Random): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((found) => found.type === type)?.value ?? '';
  const day = part('year') + part('month') + part('day');
  const time = part('hour') + part('minute') + part('second');
  const letters = Array.from({ length: RANDOM_CHARACTERS }, () =>
    ALPHABET.charAt(Math.floor(random() * ALPHABET.length)),
  );
  return `${day}-${time}-${letters.join('')}`;
}
