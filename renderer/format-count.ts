import { numberFormat } from './format.ts';
import type { Language } from './strings/languages.ts';

/** A number of things, with the separators of the language. */
export function formatCount(count: number, language: Language): string {
  return numberFormat(language).format(count);
}

const SIZES = [
  ['gigabyte', 1e9],
  ['megabyte', 1e6],
  ['kilobyte', 1e3],
] as const;

/** The size of a file in its largest unit: `4.2 MB`. */
export function formatSize(sizeBytes: number, language: Language): string {
  const [unit, unitBytes] = SIZES.find(([, least]) => sizeBytes >= least) ?? (['byte', 1] as const);
  return numberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(sizeBytes / unitBytes);
}
