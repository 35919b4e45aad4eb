import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, test } from 'vitest';

/**
 * Law 5: a module below the composition root keeps no state of its own. Lint has no rule for it, so
 * the top level of every module is read here.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const STATEFUL = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array', 'AbortController', 'EventEmitter']);

type Body = ReturnType<typeof parseAst>['body'];

/** Lines of top-level `let`, `var`, unfrozen containers and static members that can change. */
function moduleState(code: string): readonly string[] {
  return declarationsOf(parseAst(code, { lang: 'tsx' }).body, code);
}

function declarationsOf(body: Body, code: string): readonly string[] {
  return body.flatMap((statement) => {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node?.type === 'ClassDeclaration') {
      return node.body.body
        .filter((member) => member.type === 'PropertyDefinition' && member.static && !member.readonly)
        .map((member) => code.slice(member.start, member.end));
    }
    if (node?.type !== 'VariableDeclaration') return [];
    return node.declarations
      .filter(({ id, init }) => {
        if (node.declare === true) return false;
        if (node.kind !== 'const') return true;
        // A declared readonly type is a promise that the container is a table and not a state.
        const annotation = id.typeAnnotation;
        const type = annotation ? code.slice(annotation.start, annotation.end) : '';
        if (/^:\s*(Readonly|readonly )/.test(type)) return false;
        if (init?.type === 'ArrayExpression') return init.elements.length === 0;
        if (init?.type === 'ObjectExpression')
          return init.properties.length === 0 && /^(:\s*(Record|Partial|\{)|$)/.test(type);
        return (
          init?.type === 'NewExpression' &&
          init.callee.type === 'Identifier' &&
          STATEFUL.has(init.callee.name)
        );
      })
      .map(({ start, end }) => code.slice(start, end));
  });
}

const FREE_FOLDERS = ['main/electron', 'main/cli', 'main/start.ts'];
const modules = ['shared', 'main']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  )
  .filter((file) => !FREE_FOLDERS.some((free) => file.startsWith(free)));

describe('modules below the composition root', () => {
  test.each(modules)('%s keeps no state of its own', (file) => {
    expect(moduleState(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
  });

  test.each([
    'let count = 0;',
    'export let count = 0;',
    'var count = 0;',
    'const seen = new Map<string, number>();',
    'export const seen: Set<string> = new Set();',
    'const queue: string[] = [];',
    'const cache = {};',
    'const cache: Record<string, number> = {};',
    'export class Counter { static count = 0; }',
  ])('%s would be noticed', (code) => {
    expect(moduleState(code)).toHaveLength(1);
  });

  test.each([
    'const LIMIT = 10;',
    "export const NAMES = ['a', 'b'] as const;",
    "const KNOWN: ReadonlySet<string> = new Set(['a']);",
    'const NOTHING: Readonly<Record<string, string>> = {};',
    'export class Counter { static readonly limit = 3; #count = 0; }',
    'export function count(): number { let n = 0; n += 1; return n; }',
  ])('%s is no state', (code) => {
    expect(moduleState(code)).toEqual([]);
  });
});
