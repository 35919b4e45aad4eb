import { parentPort, workerData } from 'node:worker_threads';
import { verifyFile } from './verify.ts';

/** The entry of the thread that checks a ledger: it is given a file and answers once. */
parentPort?.postMessage(verifyFile(String(workerData)), []);
