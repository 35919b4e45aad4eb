import type { SeriesSummary } from './results.ts';

/** All in pixels of the drawing. */
const WIDTH = 760;
const LEFT = 16;
const RIGHT = 24;
const TITLE_HEIGHT = 34;
const STRIP_HEIGHT = 46;
const AXIS_HEIGHT = 40;
const PANEL_GAP = 14;
const LABEL_BASELINE = 14;
const STRIP_MIDDLE = 30;
const BAND_HEIGHT = 12;
/** Points of one strip lie on so many lines, so that equal ones do not hide each other. */
const LANES = 5;
/** Beyond this span a plain axis would squeeze the least series into a dot. */
const LOGARITHMIC_FROM = 25;
const TICKS = 6;

const STYLE = `
  .page { fill: #ffffff }
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .tick { font-size: 12px; fill: #59636e }
  .value { fill: #59636e }
  .grid { stroke: #d1d9e0 }
  .ours { fill: #0a5fc4; stroke: #0a5fc4 }
  .reference { fill: #9a5b00; stroke: #9a5b00 }
  .band { fill-opacity: 0.28; stroke: none }
  .point { fill-opacity: 0.55; stroke: none }
  .median { stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 }
    text { fill: #f0f6fc }
    .tick, .value { fill: #a5adb8 }
    .grid { stroke: #3d444d }
    .ours { fill: #6cb0ff; stroke: #6cb0ff }
    .reference { fill: #f0a33a; stroke: #f0a33a }
  }`;

interface Axis {
  readonly unit: string;
  readonly isLogarithmic: boolean;
  readonly ticks: readonly number[];
  readonly xOf: (value: number) => number;
}

/**
 * One strip for each series: its points, the tenth to the ninetieth percentile as a band, the median as a bar.
 * Series of one unit share an axis. The words of `alt` are in the drawing as well, for who cannot see it.
 */
export function drawPlot(title: string, alt: string, series: readonly SeriesSummary[]): string {
  const units = [...new Set(series.map(({ unit }) => unit))];
  const parts: string[] = [];
  let top = TITLE_HEIGHT;
  for (const unit of units) {
    const panel = series.filter((each) => each.unit === unit);
    parts.push(drawPanel(panel, axisOf(unit, panel), top));
    top += panel.length * STRIP_HEIGHT + AXIS_HEIGHT + PANEL_GAP;
  }
  const height = top - PANEL_GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title alt">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="alt">${escaped(alt)}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="6" />`,
    `<text class="title" x="${LEFT}" y="22">${escaped(title)}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel(panel: readonly SeriesSummary[], axis: Axis, top: number): string {
  const bottom = top + panel.length * STRIP_HEIGHT;
  const { unit, isLogarithmic } = axis;
  const grid = axis.ticks.map((tick) => {
    const x = fixed(axis.xOf(tick));
    return (
      `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" />` +
      `<text class="tick" x="${x}" y="${bottom + 16}" text-anchor="middle">${inFigures(tick)}</text>`
    );
  });
  const caption = `${unit}${isLogarithmic ? ', logarithmic' : ''}`;
  return [
    ...grid,
    `<text class="tick" x="${WIDTH / 2}" y="${bottom + 33}" text-anchor="middle">${escaped(caption)}</text>`,
    ...panel.map((series, index) => drawStrip(series, axis, top + index * STRIP_HEIGHT)),
  ].join('\n');
}

function drawStrip(series: SeriesSummary, { xOf, unit }: Axis, top: number): string {
  const kind = isOurs(series.name) ? 'ours' : 'reference';
  const middle = top + STRIP_MIDDLE;
  const [from, to] = [xOf(series.p10), xOf(series.p90)];
  const points = series.points.map((value, index) => {
    const lane = ((index * 2) % LANES) - (LANES - 1) / 2;
    return `<circle class="${kind} point" cx="${fixed(xOf(value))}" cy="${middle + lane * 2}" r="2.5" />`;
  });
  const median = fixed(xOf(series.p50));
  return [
    `<text x="${LEFT}" y="${top + LABEL_BASELINE}">${escaped(series.name)} <tspan class="value">${inFigures(series.p50)} ${escaped(unit)}</tspan></text>`,
    `<rect class="${kind} band" x="${fixed(from)}" y="${middle - BAND_HEIGHT / 2}" width="${fixed(Math.max(1, to - from))}" height="${BAND_HEIGHT}" />`,
    ...points,
    `<line class="${kind} median" x1="${median}" x2="${median}" y1="${middle - 9}" y2="${middle + 9}" />`,
  ].join('\n');
}

function isOurs(name: string): boolean {
  return /^ours\b/.test(name);
}

function axisOf(unit: string, panel: readonly SeriesSummary[]): Axis {
  const values = panel.flatMap(({ points }) => points);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const isLogarithmic = least > 0 && greatest / least > LOGARITHMIC_FROM;
  const ticks = isLogarithmic ? logarithmicTicks(least, greatest) : plainTicks(Math.min(0, least), greatest);
  const scaled = (value: number) => (isLogarithmic ? Math.log10(value) : value);
  const [from, to] = [scaled(Math.min(least, ticks[0] ?? 0)), scaled(Math.max(greatest, ticks.at(-1) ?? 1))];
  const room = WIDTH - 2 * LEFT - RIGHT;
  return {
    unit,
    isLogarithmic,
    ticks,
    xOf: (value) => LEFT + 8 + ((scaled(value) - from) / (to - from || 1)) * room,
  };
}

/** Round numbers from below the least to beyond the greatest. */
function plainTicks(least: number, greatest: number): readonly number[] {
  const rough = (greatest - least) / TICKS || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  const [first, last] = [Math.floor(least / size), Math.ceil(greatest / size)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * size);
}

function logarithmicTicks(least: number, greatest: number): readonly number[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(greatest))];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** Three figures are as much as a shared machine can tell. */
export function inFigures(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
