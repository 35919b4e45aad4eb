import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import { useLanguage } from '../language.ts';
import { type Route, useRoute } from '../route.ts';
import { CollectScreen } from '../screens/collect-screen.tsx';
import { InDoubtScreen } from '../screens/in-doubt-screen.tsx';
import { OrderScreen } from '../screens/order-screen.tsx';
import { OrdersScreen } from '../screens/orders-screen.tsx';
import { TerminalScreen } from '../screens/terminal-screen.tsx';
import { useInstructionSound } from '../sound.ts';
import { findOrder } from '../state.ts';
import { useTill } from '../till.ts';
import { useKeyboard } from '../input/use-keyboard.ts';
import { useScans } from '../input/use-scans.ts';
import { Navigation } from './navigation.tsx';
import { PracticeBanner } from './practice-banner.tsx';
import { PrintMark } from './print-mark.tsx';
import { Questions } from './questions.tsx';

/** What stands around every screen: practice, connection to the acquirer, navigation, the open question. */
export function Shell(): VNode {
  const till = useTill();
  const { state, snapshot } = till;
  const { strings } = useLanguage();
  const route = useRoute();
  useKeyboard(till, route);
  useScans(till, route);
  useInstructionSound(till);
  const focus = route.screen === 'collect' ? findOrder(state, state.focus) : null;
  // Behind the overlay nothing may be pressed or reached with the keyboard.
  const isCutOff = state.connection !== 'live';
  return (
    <div
      class={snapshot.practice ? 'shell shell-practice' : 'shell'}
      data-tone={focus?.instruction ?? 'none'}
      inert={isCutOff}
    >
      {snapshot.practice && <PracticeBanner isCollecting={route.screen === 'collect'} />}
      {!snapshot.online && (
        <p class="offline" aria-live="polite">
          {strings.shell.offline}. {strings.order.waitingForNetwork}
        </p>
      )}
      <Navigation route={route} />
      <Screen route={route} />
      {!isCutOff && <Questions />}
      {snapshot.practice && <PrintMark />}
    </div>
  );
}

function Screen({ route }: { readonly route: Route }): VNode | null {
  switch (route.screen) {
    case 'collect':
      return <CollectScreen />;
    case 'orders':
      return <OrdersScreen text={route.text} businessDay={route.businessDay} />;
    case 'order':
      return <OrderScreen key={route.clientSn} clientSn={route.clientSn} />;
    case 'in-doubt':
      return <InDoubtScreen />;
    case 'terminal':
      return <TerminalScreen />;
    case 'customer':
      return null;
    default:
      return assertNever(route);
  }
}
