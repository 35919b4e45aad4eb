import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { isUndecided } from '../../shared/order/order.ts';
import { useLanguage } from '../language.ts';
import type { Strings } from '../strings/strings.ts';
import { type Formats, useFormats, useTerminalNow } from '../till.ts';

/** What the terminal does next and when. Not announced: a number that ticks would drown the instruction. */
export function Countdown({ order }: { readonly order: OrderCard }): VNode | null {
  const { strings } = useLanguage();
  const formats = useFormats();
  const isTicking = isUndecided(order.state) && (order.next !== null || order.confirmUntilMs !== null);
  const nowMs = useTerminalNow(isTicking);
  if (!isTicking) return null;
  return (
    <div class="countdown" role="timer">
      {order.next !== null && <p>{nextStep(order.next, nowMs, strings, formats)}</p>}
      {order.confirmUntilMs !== null && (
        <>
          <progress
            aria-hidden="true"
            max={Math.max(1, order.confirmUntilMs - order.createdAtMs)}
            value={Math.max(0, order.confirmUntilMs - nowMs)}
          />
          <p>{strings.order.decidedWithin(formats.duration(order.confirmUntilMs - nowMs))}</p>
        </>
      )}
      {order.giveUpFromMs !== null && order.giveUpFromMs > nowMs && (
        <p>{strings.order.giveUpIn(formats.duration(order.giveUpFromMs - nowMs))}</p>
      )}
    </div>
  );
}

/** The next call of an order in words: when it goes out, or what it waits for. */
export function nextStep(
  next: NonNullable<OrderCard['next']>,
  nowMs: number,
  strings: Strings,
  formats: Formats,
): string {
  const words = strings.order;
  if (next.waitingFor === 'network') return words.waitingForNetwork;
  if (next.waitingFor === 'configuration') return words.waitingForConfiguration;
  const waitMs = next.atMs - nowMs;
  return waitMs <= 0 ? words.callNow[next.call] : words.nextCall[next.call](formats.duration(waitMs));
}
