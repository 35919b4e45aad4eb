import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { InstructionPanel } from '../components/instruction-panel.tsx';
import { OrderRow } from '../components/order-row.tsx';
import { SaleForm } from '../components/sale-form.tsx';
import { useLanguage } from '../language.ts';
import { findOrder } from '../state.ts';
import { useOnScreen, useTill } from '../till.ts';

const RECENT_ROWS = 4;

/** The counter: what is sold next on one side, the one instruction on all the rest. */
export function CollectScreen(): VNode {
  const { state, snapshot, actions } = useTill();
  const { strings } = useLanguage();
  const order = findOrder(state, state.focus);
  useOnScreen(order);
  const recent = snapshot.orders.slice(0, RECENT_ROWS);
  const isDrawn = useIsDrawn();
  return (
    <main class="collect">
      <h1 class="visually-hidden">{strings.shell.collect}</h1>
      <SaleForm />
      <InstructionPanel order={order} />
      <section class="recent" aria-label={strings.collect.recent}>
        {!isDrawn ? null : recent.length === 0 ? (
          <p class="recent-empty">{strings.collect.noRecent}</p>
        ) : (
          <ol class="order-rows order-rows-compact">
            {recent.map((row) => (
              <OrderRow
                key={row.clientSn}
                order={row}
                timeZone={snapshot.timeZone}
                onRevoke={actions.askRevoke}
              />
            ))}
          </ol>
        )}
      </section>
    </main>
  );
}

/** False until the first frame is out: the instruction waits for nobody's list, nor for its dates. */
function useIsDrawn(): boolean {
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setDrawn(true));
    return () => window.clearTimeout(timer);
  }, []);
  return isDrawn;
}
