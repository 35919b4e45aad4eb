import { cancelInstant } from './cancel-instant.ts';
import { coldStart } from './cold-start.ts';
import { drain } from './drain.ts';
import type { Bench } from './figure.ts';
import { fleet } from './fleet.ts';
import { intentCommits } from './intent-commits.ts';
import { journalVerify } from './journal-verify.ts';
import { largeHistory } from './large-history.ts';
import { memory } from './memory.ts';
import { owedCalls } from './owed-calls.ts';
import { payLatency } from './pay-latency.ts';
import { screen } from './screen-speed.ts';
import { signing } from './signing.ts';

/** Every row, in the order of its number. A new row is one import and one line here. */
export const BENCHES: readonly Bench[] = [
  intentCommits,
  owedCalls,
  cancelInstant,
  payLatency,
  coldStart,
  largeHistory,
  drain,
  signing,
  journalVerify,
  screen,
  fleet,
  memory,
];
