import { resolve } from 'node:path';
import { DEFECTS, type Edit } from './defects.ts';

/** The environment variable that names the defect a process runs with; without it there is none. */
export const PLANTED = 'REDRESS_PLANTED_DEFECT';

const ROOT = resolve(import.meta.dirname, '../..');

/** The edits that this process is to run with; none where it is to run as the product is. */
export function plantedEdits(): readonly Edit[] {
  const name = process.env[PLANTED];
  if (name === undefined) return [];
  const defect = DEFECTS.find((each) => each.name === name);
  if (defect === undefined) throw new Error(`There is no defect ${name}`);
  return defect.edits;
}

export function pathOf({ file }: Edit): string {
  return resolve(ROOT, file);
}

/** A file's text with those of the edits that are of this file, by its absolute path. */
export function planted(edits: readonly Edit[], path: string, source: string): string {
  return edits.filter((edit) => pathOf(edit) === path).reduce(edited, source);
}

/** What an edit looks for must be there once: a defect that nobody can make any more proves nothing. */
function edited(source: string, { file, find, replace }: Edit): string {
  const found = source.split(find).length - 1;
  if (found !== 1) throw new Error(`${file} reads otherwise now: ${found} times, not once: ${find}`);
  return source.replace(find, () => replace);
}
