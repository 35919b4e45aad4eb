import { useEffect, useReducer } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Snapshot } from '../shared/contract.ts';
import type { TerminalBridge } from './bridge.ts';
import { ConnectionOverlay } from './components/connection-overlay.tsx';
import { Shell } from './components/shell.tsx';
import { LanguageContext } from './language.ts';
import { usePreferences, type PreferencesControl } from './preferences.ts';
import { useRoute } from './route.ts';
import { CustomerScreen } from './screens/customer-screen.tsx';
import { type Action, INITIAL_STATE, reduce, type ScreenState } from './state.ts';
import { STRINGS } from './strings/strings.ts';
import { TillContext } from './till.ts';
import { useTillValue } from './use-till.ts';

/** How long a payment code may wait on the screen for its amount (upay.md 2.3: codes live about a minute). */
const CODE_LIFE_MS = 60_000;

/** One window: a reducer fed by the terminal's pushes and by the answers to this window's calls. */
export function App({ bridge }: { readonly bridge: TerminalBridge }): VNode {
  const [state, dispatch] = useReducer(reduce, INITIAL_STATE);
  const preferences = usePreferences();
  const route = useRoute();
  const { language } = preferences.preferences;

  useEffect(
    () =>
      bridge.subscribe({
        push: (push) => dispatch({ type: 'pushed', push, nowMs: Date.now() }),
        connection: (connection) => dispatch({ type: 'connection', connection }),
      }),
    [bridge],
  );

  const { code } = state.draft;
  useEffect(() => {
    if (code === '') return undefined;
    // Wallets change their code after about a minute, and until then it is as good as money.
    const timer = window.setTimeout(() => dispatch({ type: 'drafted', draft: { code: '' } }), CODE_LIFE_MS);
    return () => window.clearTimeout(timer);
  }, [code]);

  const { snapshot } = state;
  return (
    <LanguageContext.Provider value={language}>
      {route.screen === 'customer' ? (
        <CustomerScreen state={state} />
      ) : snapshot === null ? (
        <p class="connecting">{STRINGS[language].shell.connecting}</p>
      ) : (
        <Till {...{ bridge, state, dispatch, snapshot, preferences }} />
      )}
      <ConnectionOverlay connection={state.connection} isForCustomer={route.screen === 'customer'} />
    </LanguageContext.Provider>
  );
}

interface TillProps {
  readonly bridge: TerminalBridge;
  readonly state: ScreenState;
  readonly dispatch: (action: Action) => void;
  readonly snapshot: Snapshot;
  readonly preferences: PreferencesControl;
}

/** The screens of the people behind the counter. */
function Till({ bridge, ...sources }: TillProps): VNode {
  const till = useTillValue({ ...sources, api: bridge.api });
  return (
    <TillContext.Provider value={till}>
      <Shell />
    </TillContext.Provider>
  );
}
