import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPlot, inFigures } from './plot.ts';
import { writeFormatted, type Row, type SeriesSummary } from './results.ts';

const REPORT_FILE = 'docs/BENCHMARKS.md';
const IMAGES_FOLDER = 'docs/images/benchmarks';
const IMAGES_LINK = 'images/benchmarks';

type Figure = Row['figures'][number];

/** Writes the report and one plot for each row. Drawn anew as a whole, so that no row of long ago is left. */
export async function writeReport(rows: readonly Row[]): Promise<void> {
  rmSync(IMAGES_FOLDER, { recursive: true, force: true });
  mkdirSync(IMAGES_FOLDER, { recursive: true });
  for (const row of rows) {
    writeFileSync(join(IMAGES_FOLDER, `${row.name}.svg`), drawPlot(titleOf(row), altOf(row), row.series));
  }
  await writeFormatted(REPORT_FILE, reportOf(rows));
}

function reportOf(rows: readonly Row[]): string {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench` from `benchmarks.json`; [test/bench/README.md](../test/bench/README.md) says how it is measured and what',
    'was found. Machines are shared and noisy: each figure and its reference are measured alternately in one run, and the ratio or the',
    'difference counts, never the bare number. An aim that is missed stays here as missed.',
    '',
    ...table(
      ['row', 'measure', 'ours', 'reference', 'ratio', 'aim', ''],
      rows.flatMap((row) =>
        row.figures.map((figure) => [
          `[${row.id}](#${anchorOf(row)})`,
          figure.name,
          valueOf(figure.ours, figure.unit),
          `${valueOf(figure.reference, figure.unit)}, ${figure.referenceName}`,
          inFigures(figure.ratio),
          figure.aim ?? '',
          verdictOf(figure),
        ]),
      ),
    ),
    ...rows.flatMap(sectionOf),
  ].join('\n');
}

function sectionOf(row: Row): readonly string[] {
  const { machine } = row;
  return [
    '',
    `## ${titleOf(row)}`,
    '',
    row.about,
    '',
    `![Plot of ${row.name}; the table below holds its figures](${IMAGES_LINK}/${row.name}.svg)`,
    '',
    ...table(
      ['measure', 'ours', 'reference', 'ratio', 'aim', ''],
      row.figures.map((figure) => [
        figure.name,
        valueOf(figure.ours, figure.unit),
        `${valueOf(figure.reference, figure.unit)}, ${figure.referenceName}`,
        inFigures(figure.ratio),
        figure.aim ?? '',
        verdictOf(figure),
      ]),
    ),
    '',
    ...table(
      ['samples of', 'number', 'p10', 'p50', 'p90', 'unit'],
      row.series.map(({ name, count, p10, p50, p90, unit }) => [
        name,
        String(count),
        inFigures(p10),
        inFigures(p50),
        inFigures(p90),
        unit,
      ]),
    ),
    '',
    ...row.notes.map((note) => `- ${note}`),
    `- ${row.date}; ${machine.cores} cores, Node ${machine.node}, Chromium ${machine.chromium}, Linux ${machine.kernel}`,
  ];
}

/** The same row in plain text, for the terminal it was measured in. */
export function inWords({ name, figures, series, notes }: Row): string {
  const lines = [
    ...figures.map(
      (figure) =>
        `${figure.name}: ${valueOf(figure.ours, figure.unit)}; ${figure.referenceName} ${valueOf(figure.reference, figure.unit)}; ` +
        `ratio ${inFigures(figure.ratio)}${figure.aim === null ? '' : `; aim ${figure.aim}: ${verdictOf(figure)}`}`,
    ),
    ...series.map((each) => `  ${spreadOf(each)}`),
    ...notes.map((note) => `  (${note})`),
  ];
  return `${name}\n  ${lines.join('\n  ')}\n`;
}

function spreadOf({ name, unit, count, p10, p50, p90 }: SeriesSummary): string {
  return `${name}: p10 ${inFigures(p10)}, p50 ${inFigures(p50)}, p90 ${inFigures(p90)} ${unit} (${count})`;
}

function titleOf({ id, name }: Row): string {
  return `${id}. ${name}`;
}

function anchorOf({ id, name }: Row): string {
  return `${id}-${name}`;
}

function altOf({ about, series }: Row): string {
  return `${about} ${series.map(spreadOf).join('; ')}`;
}

function valueOf(value: number, unit: string): string {
  return `${inFigures(value)} ${unit}`;
}

function verdictOf({ met }: Figure): string {
  if (met === null) return 'reported';
  return met ? 'met' : '**missed**';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
