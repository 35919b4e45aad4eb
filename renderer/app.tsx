import { useLayoutEffect, useReducer, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Counter, Push, Snapshot } from '../shared/contract.ts';
import type { TerminalBridge } from '../shared/bridge.ts';
import { ConnectionOverlay } from './components/connection-overlay.tsx';
import { Shell } from './components/shell.tsx';
import { LanguageContext } from './language.ts';
import { memo } from './memo.ts';
import { usePreferences, type PreferencesControl } from './preferences.ts';
import { useRoute } from './route.ts';
import { CustomerScreen } from './screens/customer-screen.tsx';
import { type Action, INITIAL_STATE, reduce, type ScreenState } from './state.ts';
import { STRINGS } from './strings/strings.ts';
import { TillContext } from './till.ts';
import { useTillValue } from './use-till.ts';

/** One window: a reducer fed by the terminal's pushes and by the answers to this window's calls. */
export function App({ bridge }: { readonly bridge: TerminalBridge }): VNode {
  const [state, dispatch] = useReducer(reduce, INITIAL_STATE);
  // Apart from all else, because it changes with every key the cashier presses.
  const [counter, setCounter] = useState<Counter>({ kind: 'idle' });
  const preferences = usePreferences();
  const route = useRoute();
  const { language } = preferences.preferences;

  // Before the first painting: the terminal may answer while the page is still being drawn.
  useLayoutEffect(
    () =>
      bridge.subscribe({
        push: (push) => {
          const shown = counterIn(push);
          if (shown !== null) setCounter(shown);
          dispatch({ type: 'pushed', push, nowMs: Date.now() });
        },
        connection: (connection) => dispatch({ type: 'connection', connection }),
      }),
    [bridge],
  );

  const { snapshot } = state;
  return (
    <LanguageContext.Provider value={language}>
      {route.screen === 'customer' ? (
        <CustomerScreen state={state} counter={counter} />
      ) : snapshot === null ? (
        <p class="connecting">{STRINGS[language].shell.connecting}</p>
      ) : (
        <Till {...{ bridge, state, dispatch, snapshot, preferences }} />
      )}
      <ConnectionOverlay connection={state.connection} isForCustomer={route.screen === 'customer'} />
    </LanguageContext.Provider>
  );
}

/** What a push says about the customer's display. */
function counterIn(push: Push): Counter | null {
  if (push.type === 'counter') return push.counter;
  return push.type === 'snapshot' ? push.snapshot.counter : null;
}

interface TillProps {
  readonly bridge: TerminalBridge;
  readonly state: ScreenState;
  readonly dispatch: (action: Action) => void;
  readonly snapshot: Snapshot;
  readonly preferences: PreferencesControl;
}

/** The screens of the people behind the counter. */
const Till = memo(function Till({ bridge, ...sources }: TillProps): VNode {
  const till = useTillValue({ ...sources, api: bridge.api });
  return (
    <TillContext.Provider value={till}>
      <Shell />
    </TillContext.Provider>
  );
});
