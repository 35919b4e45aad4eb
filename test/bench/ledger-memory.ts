import { memoryUsage } from 'node:process';
import { Counter } from './large-history.ts';

/** The entry of a process that uses a ledger as a counter does, and tells the memory that this leaves in use. */
const [, , file = ''] = process.argv;
const counter = new Counter(file);
for (let round = 0; round < 10; round += 1) {
  counter.commits();
  counter.listMs();
  counter.searchMs();
}
globalThis.gc?.();
const { heapUsed, rss } = memoryUsage();
process.send?.({ heapBytes: heapUsed, residentBytes: rss });
counter.close();
process.disconnect();
