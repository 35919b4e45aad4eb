import { resolve, sep } from 'node:path';

/**
 * A segment of a path as the build names its files. What is not named here cannot be asked for: dot-files and
 * `..`, separators of either kind, drive letters and streams, NUL, anything encoded a second time.
 */
const SEGMENT = /^[A-Za-z0-9_-](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/;
const LONGEST_PATH = 256;

/** The file below `root` that a URL's path names, or null where it names none. `/` is `index.html`. */
export function fileNamed(root: string, pathname: string): string | null {
  if (!pathname.startsWith('/') || pathname.length > LONGEST_PATH) return null;
  if (pathname === '/') return resolve(root, 'index.html');
  const path = decoded(pathname.slice(1));
  if (path === null || !path.split('/').every((segment) => SEGMENT.test(segment))) return null;
  const file = resolve(root, path);
  return isBelow(root, file) ? file : null;
}

/** Whether `file` lies inside `folder`. Both are absolute; the separator keeps a neighbour with a longer name out. */
export function isBelow(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** Decoded once, as every browser expects; what is still encoded then is refused with its percent sign. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
