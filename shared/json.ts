import { err, ok, type Result } from './result.ts';

/**
 * Reads JSON in which no object names a member twice. Readers differ in which of two they believe, so
 * such a text can mean "failed" to whoever checked it and "paid" to whoever acts on it.
 */
export function parseJson(text: string): Result<unknown, 'not_json' | 'duplicate_member'> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('not_json');
  }
  return hasDuplicateMember(text) ? err('duplicate_member') : ok(value);
}

/**
 * Whether an object of a text that is JSON names a member twice, once escapes are read. It keeps its own
 * stack, because a peer chooses how deep a text is nested.
 */
function hasDuplicateMember(json: string): boolean {
  /** The names of every open object so far; null for an open list. */
  const open: (Set<string> | null)[] = [];
  let isNameNext = false;
  let at = 0;
  while (at < json.length) {
    const character = json[at];
    if (character === '"') {
      const end = endOfString(json, at);
      const names = open.at(-1);
      if (isNameNext && names !== null && names !== undefined) {
        const name = readString(json.slice(at, end));
        if (names.has(name)) return true;
        names.add(name);
      }
      isNameNext = false;
      at = end;
      continue;
    }
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    isNameNext = character === '{' || character === ',' || (isNameNext && isBlank(character));
    at += 1;
  }
  return false;
}

/** Just behind the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function readString(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
