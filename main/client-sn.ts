import type { Calendar } from '../shared/business-day.ts';
import type { Random } from './shell/clock.ts';

/** Crockford's alphabet: no letter that a person reads as another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 11;

/**
 * A name for a new order, `YYYYMMDD-HHMMSS-` and 55 random bits: sortable by eye, at most 27 characters,
 * never reused. The ledger's primary key refuses the impossible repeat.
 *
 * @param mark what stands between its parts; nothing for an acquirer that takes letters and digits alone
 */
export function newClientSn(atMs: number, calendar: Calendar, random: Random, mark: '-' | '' = '-'): string {
  const { day, time } = calendar.wallClockOf(atMs);
  return [day.replaceAll('-', ''), time.replaceAll(':', ''), randomLetters(random)].join(mark);
}

/** A name for a new refund, `R`, the day and 55 random bits: 20 characters, the least that any protocol takes. */
export function newRefundRequestId(atMs: number, calendar: Calendar, random: Random): string {
  return `R${calendar.wallClockOf(atMs).day.replaceAll('-', '')}${randomLetters(random)}`;
}

function randomLetters(random: Random): string {
  const letters = Array.from({ length: RANDOM_CHARACTERS }, () =>
    ALPHABET.charAt(Math.floor(random() * ALPHABET.length)),
  );
  return letters.join('');
}
