import type { Bench } from './figure.ts';
import { screen } from './screen-speed.ts';

/** Every row, in the order of its number. A new row is one import and one line here. */
export const BENCHES: readonly Bench[] = [screen];
