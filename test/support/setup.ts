import { afterEach, expect, vi } from 'vitest';

/** A test that prints has something to say: unexpected console output fails it. */
const spies = (['log', 'warn', 'error'] as const).map((method) => vi.spyOn(console, method));

afterEach(() => {
  for (const spy of spies) {
    const { calls } = spy.mock;
    spy.mockClear();
    expect(calls).toEqual([]);
  }
});
