import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import { isPaymentStanding } from '../explain.ts';
import { useLanguage } from '../language.ts';
import { hrefOf, type Route, useRoute } from '../route.ts';
import { CollectScreen } from '../screens/collect-screen.tsx';
import { InDoubtScreen } from '../screens/in-doubt-screen.tsx';
import { OrderScreen } from '../screens/order-screen.tsx';
import { OrdersScreen } from '../screens/orders-screen.tsx';
import { useInstructionSound } from '../sound.ts';
import { findOrder } from '../state.ts';
import { useTill } from '../till.ts';
import { type LoadedScreen, useTerminalScreen } from '../use-terminal-screen.ts';
import { useKeyboard } from '../input/use-keyboard.ts';
import { useScans } from '../input/use-scans.ts';
import { ClosingWindows } from './closing-windows.tsx';
import { Navigation } from './navigation.tsx';
import { PracticeBanner } from './practice-banner.tsx';
import { PrintMark } from './print-mark.tsx';
import { Questions } from './questions.tsx';
import { Unreadable } from './unreadable.tsx';

/** What stands around every screen: practice, connection to the acquirer, navigation, the open question. */
export function Shell(): VNode {
  const till = useTill();
  const { state, snapshot } = till;
  const { strings } = useLanguage();
  const route = useRoute();
  const terminalScreen = useTerminalScreen();
  useKeyboard(till, route);
  useScans(till, route);
  useInstructionSound(till);
  useEffect(() => {
    // What was refused here is no news on the next screen.
    if (state.notice !== null) till.actions.closeNotice();
  }, [hrefOf(route)]);
  useEffect(() => {
    // A button that went away took the focus with it; at the counter it belongs to the amount.
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('[data-scan="amount"]')?.focus({ preventScroll: true });
  });
  const focus = route.screen === 'collect' ? findOrder(state, state.focus) : null;
  // Behind the overlay nothing may be pressed or reached with the keyboard.
  const isCutOff = state.connection !== 'live';
  return (
    <div
      class={snapshot.practice ? 'shell shell-practice' : 'shell'}
      data-tone={focus === null || isPaymentStanding(focus) ? 'none' : focus.instruction}
      inert={isCutOff}
    >
      {snapshot.practice && <PracticeBanner isCollecting={route.screen === 'collect'} />}
      {!snapshot.online && (
        <p class="offline" aria-live="polite">
          {strings.shell.offline}
          {strings.shell.offlineNow}
        </p>
      )}
      <ClosingWindows />
      <Navigation route={route} />
      <Screen route={route} terminalScreen={terminalScreen} />
      {!isCutOff && <Questions />}
      {snapshot.practice && <PrintMark />}
    </div>
  );
}

interface ScreenProps {
  readonly route: Route;
  readonly terminalScreen: LoadedScreen;
}

function Screen({ route, terminalScreen: TerminalScreen }: ScreenProps): VNode | null {
  const { strings } = useLanguage();
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
      if (TerminalScreen !== 'missing') return TerminalScreen && <TerminalScreen />;
      return (
        <main class="screen">
          <h1>{strings.shell.terminal}</h1>
          <Unreadable title={strings.shell.missing} onAgain={() => window.location.reload()} />
        </main>
      );
    case 'customer':
      return null;
    default:
      return assertNever(route);
  }
}
