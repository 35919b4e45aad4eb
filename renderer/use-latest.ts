import { useRef } from 'preact/hooks';

/** What the last drawing was given, for whatever outlives it: listeners, timers, answers. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
