import type { Ledger } from '../../main/ledger/ledger.ts';
import { failure, type Failure, type ErrorCode } from '../../shared/errors.ts';
import { err, type Result } from '../../shared/result.ts';
import type { Watch } from './watch.ts';

/** The process that a ledger belongs to. */
export interface Owner {
  readonly isAlive: boolean;
  passes(edge: 'before_commit' | 'after_commit'): boolean;
  /** What the disk answers instead of committing; null while it takes what comes. */
  refusal(): ErrorCode | null;
}

/**
 * The real ledger, with a place to die before and after each of its commits, and a disk that can refuse one.
 * A process that died is told that its commit failed, whatever became of it: nothing it does then is seen.
 */
export function watchedLedger(ledger: Ledger, owner: Owner, watch: Watch): Ledger {
  const around = <Value, Refusal>(
    commit: () => Result<Value, Refusal | Failure>,
    committed: (value: Value) => void,
  ): Result<Value, Refusal | Failure> => {
    const refusal = owner.refusal();
    if (!owner.isAlive || owner.passes('before_commit')) return err(failure('data_unavailable'));
    if (refusal !== null) return err(failure(refusal));
    const result = commit();
    if (!result.ok) return result;
    committed(result.value);
    return owner.passes('after_commit') ? err(failure('data_unavailable')) : result;
  };
  const own: Pick<Ledger, 'collect' | 'apply' | 'applyTogether' | 'note' | 'bind'> = {
    collect: (event, code, override) =>
      around(
        () => ledger.collect(event, code, override),
        (change) => watch.collected({ ...event, codeFingerprint: '', overrides: [] }, change, override),
      ),
    apply: (clientSn, event) =>
      around(
        () => ledger.apply(clientSn, event),
        (applied) => {
          if (applied.kind === 'changed') watch.committed(event, applied.changes);
        },
      ),
    applyTogether: (happened) =>
      around(
        () => ledger.applyTogether(happened),
        (applied) => {
          for (const [index, { event }] of happened.entries()) {
            const each = applied[index];
            if (each?.kind === 'changed') watch.committed(event, each.changes);
          }
        },
      ),
    note: (event, atMs, detail) =>
      around(
        () => ledger.note(event, atMs, detail),
        () => undefined,
      ),
    bind: (identity, atMs) =>
      around(
        () => ledger.bind(identity, atMs),
        () => undefined,
      ),
  };
  return new Proxy(ledger, {
    get(target, name) {
      if (name in own) return own[name as keyof typeof own];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
