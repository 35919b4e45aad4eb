import type { Evidence } from '../../shared/order/outcome.ts';

/**
 * An acquirer may echo the scanned code, in its message or even as the order's name; it must not reach the
 * journal or the screen. An order without the acquirer's name is asked for by ours.
 */
export function withoutCode({ message, sn, ...evidence }: Evidence, code: string): Evidence {
  const clean = (text: string): string => text.replaceAll(code, '[code]');
  return {
    ...evidence,
    code: clean(evidence.code),
    ...(message === undefined ? {} : { message: clean(message) }),
    ...(sn === undefined || sn.includes(code) ? {} : { sn }),
  };
}
