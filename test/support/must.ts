import { messageOf, type Failure } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';

/** The value, where the test goes on only with one. */
export function must<Value>(result: Result<Value, Failure>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${messageOf(result.error)}`);
  return result.value;
}
