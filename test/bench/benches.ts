import type { Bench } from './figure.ts';
import { intentCommits } from './intent-commits.ts';
import { journalVerify } from './journal-verify.ts';
import { largeHistory } from './large-history.ts';
import { owedCalls } from './owed-calls.ts';
import { screen } from './screen-speed.ts';

/** Every row, in the order of its number. A new row is one import and one line here. */
export const BENCHES: readonly Bench[] = [intentCommits, owedCalls, largeHistory, journalVerify, screen];
