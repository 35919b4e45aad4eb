/** Looks a wire code up without ever touching the object's prototype. */
export function lookUp<Table extends Readonly<Record<string, unknown>>>(
  table: Table,
  code: string | undefined,
): Table[keyof Table] | undefined {
  if (code === undefined || !Object.hasOwn(table, code)) return undefined;
  return table[code] as Table[keyof Table];
}
