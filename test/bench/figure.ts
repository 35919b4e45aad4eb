/** What a run of the benches is asked for. */
export interface BenchOptions {
  /** Fewer rounds and smaller histories, so that all rows together take less than two minutes. */
  readonly quick: boolean;
  /** Says on stderr how far a long measure is. */
  readonly progress: (text: string) => void;
}

/** Ours and its reference, measured alternately in one run, because machines are shared and noisy. */
export interface Figure {
  /** The number of the row it belongs to; a row with several references has several figures. */
  readonly id: number;
  readonly name: string;
  /** Of `ours` and `reference`; both are medians over the rounds unless `name` says which quantile. */
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  readonly referenceName: string;
  /** The median of the rounds' own ratios, ours to the reference. */
  readonly ratio: number;
  /** What was aimed at, in words, such as `ratio ≥ 0.7`; null where the figure is only reported. */
  readonly aim: string | null;
  /** Null where nothing was aimed at. */
  readonly met: boolean | null;
}

/** The rounds behind a figure, for its spread and its plot. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
}

/** What one bench came to. */
export interface Measure {
  readonly figures: readonly Figure[];
  readonly series: readonly Series[];
  /** What a reader must know of how it was measured: rounds, sizes, settings of the peers. */
  readonly notes: readonly string[];
}

/** One row of the benches. */
export interface Bench {
  readonly id: number;
  /** What `npm run bench -- NAME` calls it, in kebab case. */
  readonly name: string;
  /** What is compared with what, in one sentence. */
  readonly about: string;
  readonly run: (options: BenchOptions) => Promise<Measure>;
}
