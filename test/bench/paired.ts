import type { Figure } from './figure.ts';
import { median } from './measure.ts';

/** What the median of the rounds' own ratios is held against; null where it is only reported. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number } | null;

export interface Pairs {
  readonly id: number;
  readonly name: string;
  readonly unit: string;
  /** One value for each round, in the order of the rounds. */
  readonly ours: readonly number[];
  readonly reference: readonly number[];
  readonly referenceName: string;
  readonly aim: Aim;
}

/** The figure of rounds in which ours and its reference were measured in turn. */
export function pairedFigure({ ours, reference, aim, ...named }: Pairs): Figure {
  const ratio = median(ours.map((value, round) => value / (reference[round] ?? Number.NaN)));
  return { ...named, ours: median(ours), reference: median(reference), ratio, ...judged(ratio, aim) };
}

function judged(ratio: number, aim: Aim): Pick<Figure, 'aim' | 'met'> {
  if (aim === null) return { aim: null, met: null };
  if ('atLeast' in aim) return { aim: `ratio ≥ ${aim.atLeast}`, met: ratio >= aim.atLeast };
  return { aim: `ratio ≤ ${aim.atMost}`, met: ratio <= aim.atMost };
}
