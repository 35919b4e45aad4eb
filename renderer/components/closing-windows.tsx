import type { VNode } from 'preact';
import { isUndecided } from '../../shared/order/order.ts';
import { isRefund } from '../explain.ts';
import { windowLevel } from '../in-doubt.ts';
import { useLanguage } from '../language.ts';
import { useTerminalNow, useTill } from '../till.ts';
import { Icon } from './icon.tsx';

/**
 * On every screen: money that can come back only for some minutes more. Said aloud when the count changes,
 * because nobody may be looking at the In doubt screen.
 */
export function ClosingWindows(): VNode {
  const { snapshot } = useTill();
  const { strings } = useLanguage();
  const orders = snapshot.orders.filter(
    (order) => isUndecided(order.state) && order.windowClosesAtMs !== null && !isRefund(order),
  );
  const nowMs = useTerminalNow(orders.length > 0);
  return (
    <div class="closing" aria-live="polite">
      {(['now', 'soon'] as const).map((level) => {
        const count = orders.filter((order) => windowLevel(order, nowMs) === level).length;
        return (
          count > 0 && (
            <p key={level} class="doubt-window" data-level={level}>
              <Icon name="in_doubt" />
              {strings.inDoubt.windowsClosing[level](count)}
            </p>
          )
        );
      })}
    </div>
  );
}
