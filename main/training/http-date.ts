/** An instant as the `Date` header writes it (RFC 9110, 5.6.7); whole seconds, always GMT. */
export function httpDate(epochMs: number): string {
  const parts = FORMAT.formatToParts(epochMs);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? '';
  const day = `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}`;
  return `${day} ${part('hour')}:${part('minute')}:${part('second')} GMT`;
}

const FORMAT = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
