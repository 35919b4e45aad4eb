import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What a program had the disk do, and what it said meanwhile, in the order in which it happened. */
export type DiskEvent =
  | { readonly kind: 'write'; readonly inode: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'resize'; readonly inode: number; readonly size: number }
  | { readonly kind: 'sync'; readonly inode: number }
  | { readonly kind: 'name'; readonly name: string; readonly inode: number }
  | { readonly kind: 'unname'; readonly name: string }
  | { readonly kind: 'sync_folder' }
  | { readonly kind: 'said'; readonly text: string };

export const NO_TRACE = 'this machine does not let a test trace a program (strace)';

/** Whether strace is there and may trace. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
}

const CALLS = 'openat,write,pwrite64,fsync,fdatasync,ftruncate,unlink';

/** Runs a Node program and returns what its main thread did to the files of one folder. */
export async function traceDisk(folder: string, nodeArguments: readonly string[]): Promise<DiskEvent[]> {
  const trace = join(dirname(folder), `${basename(folder)}.trace`);
  const options = ['-o', trace, '-e', `trace=${CALLS}`, '-y', '-xx', '-s', '1000000', '--signal=none'];
  await promisify(execFile)('strace', [...options, process.execPath, ...nodeArguments], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return readTrace(readFileSync(trace, 'latin1'), folder);
}

/** `name(arguments) = result`, as strace writes a call that was not interrupted. */
const CALL = /^(?<call>\w+)\((?<args>.*)\)\s+= (?<result>-?\d+)/;
const FILE = /^\d+<(?<path>[^>]*)>/;
const TEXT = /"(?<hex>(?:\\x[0-9a-f]{2})*)"/;

function readTrace(text: string, folder: string): DiskEvent[] {
  const inodes = new Map<string, number>();
  let next = 0;
  const events: DiskEvent[] = [];
  for (const line of text.split('\n')) {
    const { call = '', args = '', result = '-1' } = CALL.exec(line)?.groups ?? {};
    if (Number(result) < 0) continue;
    const bytes = unhex(TEXT.exec(args)?.groups?.['hex'] ?? '');
    const target = call === 'openat' || call === 'unlink' ? bytes.toString() : pathOf(args);
    const isStdout = call === 'write' && args.startsWith('1<');
    if (isStdout) events.push({ kind: 'said', text: bytes.toString() });
    else if (target === folder && call === 'fsync') events.push({ kind: 'sync_folder' });
    if (dirname(target) !== folder || target.endsWith('-shm')) continue;
    const name = basename(target);
    if (call === 'openat' && args.includes('O_CREAT') && !inodes.has(name)) {
      inodes.set(name, (next += 1));
      events.push({ kind: 'name', name, inode: next });
    }
    const inode = inodes.get(name);
    if (inode === undefined) continue;
    if (call === 'unlink') {
      inodes.delete(name);
      events.push({ kind: 'unname', name });
    } else events.push(...eventOf(call, args, inode, bytes));
  }
  return events;
}

function eventOf(call: string, args: string, inode: number, bytes: Buffer): DiskEvent[] {
  const last = Number(args.slice(args.lastIndexOf(',') + 1));
  switch (call) {
    case 'pwrite64':
      return [{ kind: 'write', inode, offset: last, bytes }];
    case 'ftruncate':
      return [{ kind: 'resize', inode, size: last }];
    case 'fsync':
    case 'fdatasync':
      return [{ kind: 'sync', inode }];
    case 'write':
      throw new Error('SQLite writes with pwrite64 here; a write without an offset is not understood');
    default:
      return [];
  }
}

function pathOf(args: string): string {
  return unescape(FILE.exec(args)?.groups?.['path'] ?? '');
}

/** Paths are shown in hexadecimal as well where strace is asked for it. */
function unescape(path: string): string {
  return path.startsWith('\\x') ? unhex(path).toString() : path;
}

function unhex(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
}
