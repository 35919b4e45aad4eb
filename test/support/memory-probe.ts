/**
 * Loaded before a program whose memory is looked at from outside, by a parent with a channel to it: tells
 * what memory it has after a full collection, and moves its clocks on, so that a day passes in minutes.
 * Needs `--expose-gc`.
 */
import type { ProbeAnswer, ProbeRequest } from './probed-process.ts';

const { gc } = globalThis;
const now = Date.now.bind(Date);
const monotonic = process.hrtime.bigint.bind(process.hrtime);
let aheadMs = 0;
Date.now = () => now() + aheadMs;
process.hrtime.bigint = () => monotonic() + BigInt(aheadMs) * 1_000_000n;

process.on('message', (request: ProbeRequest) => {
  if (gc === undefined) throw new Error('The probe needs --expose-gc');
  aheadMs += request.laterMs;
  if (request.collects) gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  const answer: ProbeAnswer = { rss, heapUsed, external };
  process.send?.(answer);
});
// Being looked at keeps no program from ending.
process.channel?.unref();
