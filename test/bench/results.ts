import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, release } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { launchBrowser } from '../support/browser.ts';
import type { Bench, Measure, Series } from './figure.ts';
import { quantile } from './measure.ts';

/** The newest full measure of every row; `docs/BENCHMARKS.md` and its plots are drawn from it. */
export const RESULTS_FILE = 'docs/benchmarks.json';

/** So many points draw a series; more would only make the file long. */
const POINTS = 60;
const DIGITS = 4;

const figureSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  unit: z.string(),
  ours: z.number(),
  reference: z.number(),
  referenceName: z.string(),
  ratio: z.number(),
  aim: z.string().nullable(),
  met: z.boolean().nullable(),
});

const seriesSchema = z.strictObject({
  name: z.string(),
  unit: z.string(),
  /** Of all samples, of which `points` are only some. */
  count: z.number().int().min(1),
  p10: z.number(),
  p50: z.number(),
  p90: z.number(),
  /** Evenly spaced ranks, from the least to the greatest. */
  points: z.array(z.number()).min(1).max(POINTS),
});

const machineSchema = z.strictObject({
  cores: z.number().int(),
  node: z.string(),
  chromium: z.string(),
  kernel: z.string(),
});

const rowSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  about: z.string(),
  /** The day of the measure, UTC. */
  date: z.iso.date(),
  machine: machineSchema,
  figures: z.array(figureSchema),
  series: z.array(seriesSchema),
  notes: z.array(z.string()),
});

const resultsSchema = z.array(rowSchema);

export type Row = z.infer<typeof rowSchema>;
export type SeriesSummary = z.infer<typeof seriesSchema>;
export type Machine = z.infer<typeof machineSchema>;

/** What a measure looks like once it is kept: rounded, and with its series cut down to what draws them. */
export function toRow(bench: Bench, measure: Measure, date: string, machine: Machine): Row {
  const { id, name, about } = bench;
  const figures = measure.figures.map((figure) => ({
    ...figure,
    ours: rounded(figure.ours),
    reference: rounded(figure.reference),
    ratio: rounded(figure.ratio),
  }));
  const series = measure.series.filter(({ samples }) => samples.length > 0).map(summary);
  return { id, name, about, date, machine, figures, series, notes: [...measure.notes] };
}

function summary({ name, unit, samples }: Series): SeriesSummary {
  const sorted = samples.toSorted((a, b) => a - b);
  const count = Math.min(POINTS, sorted.length);
  const rankOf = (index: number) =>
    count === 1 ? 0 : Math.round((index * (sorted.length - 1)) / (count - 1));
  const points = Array.from({ length: count }, (_, index) => rounded(sorted[rankOf(index)] ?? Number.NaN));
  const at = (share: number) => rounded(quantile(samples, share));
  return { name, unit, count: samples.length, p10: at(0.1), p50: at(0.5), p90: at(0.9), points };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

export function readRows(): readonly Row[] {
  try {
    return resultsSchema.parse(JSON.parse(readFileSync(RESULTS_FILE, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The rows measured now take the place of their older selves; the others stay. */
export function mergeRows(older: readonly Row[], newer: readonly Row[]): readonly Row[] {
  const byId = new Map([...older, ...newer].map((row) => [row.id, row]));
  return [...byId.values()].toSorted((a, b) => a.id - b.id);
}

export async function writeRows(rows: readonly Row[]): Promise<void> {
  await writeFormatted(RESULTS_FILE, JSON.stringify(rows));
}

/** Formatted as the check of the repository demands. */
export async function writeFormatted(file: string, text: string): Promise<void> {
  const options = await resolveConfig(file);
  writeFileSync(file, await format(text, { ...options, filepath: file }));
}

/** What a reader must know of the machine, and nothing by which it could be found. */
export async function describeMachine(): Promise<Machine> {
  const browser = await launchBrowser();
  const chromium = browser.version();
  await browser.close();
  return {
    cores: availableParallelism(),
    node: process.versions.node,
    chromium,
    kernel: /^[\d.]+/.exec(release())?.[0] ?? 'unknown',
  };
}
