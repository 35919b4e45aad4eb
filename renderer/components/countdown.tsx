import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { isUndecided } from '../../shared/order/order.ts';
import { useLanguage } from '../language.ts';
import type { Strings } from '../strings.ts';
import { useNow } from '../use-now.ts';

interface CountdownProps {
  readonly order: OrderCard;
  readonly clockOffsetMs: number;
}

/** What the terminal does next and when. Not announced: a number that ticks would drown the instruction. */
export function Countdown({ order, clockOffsetMs }: CountdownProps): VNode | null {
  const { strings } = useLanguage();
  const isTicking = isUndecided(order.state) && (order.next !== null || order.confirmUntilMs !== null);
  const nowMs = useNow(isTicking) + clockOffsetMs;
  if (!isTicking) return null;
  return (
    <div class="countdown" role="timer">
      {order.next !== null && <p>{nextStep(order.next, nowMs, strings)}</p>}
      {order.confirmUntilMs !== null && (
        <>
          <progress
            aria-hidden="true"
            max={Math.max(1, order.confirmUntilMs - order.createdAtMs)}
            value={Math.max(0, order.confirmUntilMs - nowMs)}
          />
          <p>{strings.decidedWithin(waitText(order.confirmUntilMs - nowMs, strings))}</p>
        </>
      )}
    </div>
  );
}

function nextStep(next: NonNullable<OrderCard['next']>, nowMs: number, strings: Strings): string {
  if (next.waitingFor === 'network') return strings.waitingForNetwork;
  if (next.waitingFor === 'configuration') return strings.waitingForConfiguration;
  const waitMs = next.atMs - nowMs;
  return waitMs <= 0 ? strings.callNow[next.call] : strings.nextCall[next.call](waitText(waitMs, strings));
}

const MINUTES_FROM_SECONDS = 100;

function waitText(waitMs: number, strings: Strings): string {
  const seconds = Math.max(0, Math.ceil(waitMs / 1000));
  return seconds < MINUTES_FROM_SECONDS ? strings.seconds(seconds) : strings.minutes(Math.ceil(seconds / 60));
}
