import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { CallArgs, OrderCard, Snapshot } from '../shared/contract.ts';
import { parseAmount } from '../shared/money.ts';
import type { Reply, TerminalBridge } from './bridge.ts';
import { ConfirmDialog } from './components/confirm-dialog.tsx';
import { ConnectionOverlay } from './components/connection-overlay.tsx';
import { InstructionPanel } from './components/instruction-panel.tsx';
import { OrderList } from './components/order-list.tsx';
import { PracticeBanner } from './components/practice.tsx';
import { noticeText, SaleForm } from './components/sale-form.tsx';
import { StatusBar } from './components/status-bar.tsx';
import { formatAmount } from './format.ts';
import { LanguageContext } from './language.ts';
import { type Action, findOrder, INITIAL_STATE, reduce, type ScreenState } from './state.ts';
import { type Language, languageOf, LOCALES, STRINGS } from './strings.ts';

/** The whole screen: one reducer, fed by the terminal's pushes and the answers to this screen's calls. */
export function App({ bridge }: { readonly bridge: TerminalBridge }): VNode {
  const [state, dispatch] = useReducer(reduce, INITIAL_STATE);
  const [language, setLanguage] = useState<Language>(() => languageOf(navigator.language));

  useEffect(
    () =>
      bridge.subscribe({
        push: (push) => dispatch({ type: 'pushed', push, nowMs: Date.now() }),
        connection: (connection) => dispatch({ type: 'connection', connection }),
      }),
    [bridge],
  );
  useEffect(() => {
    document.documentElement.lang = LOCALES[language];
  }, [language]);

  const { snapshot } = state;
  const toggleLanguage = () => setLanguage(language === 'en' ? 'zh' : 'en');
  return (
    <LanguageContext.Provider value={language}>
      {snapshot === null ? (
        <output class="connecting">{STRINGS[language].connecting}</output>
      ) : (
        <Counter {...{ bridge, state, dispatch, snapshot, language, toggleLanguage }} />
      )}
      <ConnectionOverlay connection={state.connection} />
    </LanguageContext.Provider>
  );
}

interface CounterProps {
  readonly bridge: TerminalBridge;
  readonly state: ScreenState;
  readonly dispatch: (action: Action) => void;
  readonly snapshot: Snapshot;
  readonly language: Language;
  readonly toggleLanguage: () => void;
}

function Counter({ bridge, state, dispatch, snapshot, language, toggleLanguage }: CounterProps): VNode {
  const [revoking, setRevoking] = useState<OrderCard | null>(null);
  const [saleNumber, setSaleNumber] = useState(0);
  const callOnce = useCallOnce(dispatch);
  const strings = STRINGS[language];
  const { api } = bridge;

  const collect = (args: CallArgs<'sale.collect'>) =>
    callOnce(async () => {
      const reply = await api['sale.collect'](args);
      if (!reply.ok && isGuard(reply))
        return { type: 'sale_guarded', guarded: { args, notice: reply.error } };
      // A fresh form for the next customer; after a refusal the typed amount stays.
      if (reply.ok) setSaleNumber((number) => number + 1);
      return { type: 'order_answered', reply };
    });
  const onOrder = (name: 'order.giveUp' | 'order.retry' | 'order.revoke', { clientSn }: OrderCard) =>
    callOnce(async () => ({ type: 'order_answered', reply: await api[name]({ clientSn }) }));

  // Behind the overlay nothing may be pressed or reached with the keyboard.
  const isCutOff = state.connection !== 'live';
  return (
    <div class={snapshot.practice ? 'counter counter-practice' : 'counter'} inert={isCutOff}>
      <header>
        {snapshot.practice && <PracticeBanner />}
        <StatusBar snapshot={snapshot} onToggleLanguage={toggleLanguage} />
      </header>
      <main class="columns">
        <SaleForm
          saleNumber={saleNumber}
          practice={snapshot.practice}
          currency={snapshot.currency}
          isBusy={state.isBusy}
          notice={state.notice}
          onCollect={collect}
          onBegin={() => dispatch({ type: 'next_sale_begun' })}
          onDismiss={() => dispatch({ type: 'notice_closed' })}
        />
        <InstructionPanel
          order={findOrder(state, state.focus)}
          clockOffsetMs={state.clockOffsetMs}
          isBusy={state.isBusy}
          onGiveUp={(order) => onOrder('order.giveUp', order)}
          onRetry={(order) => onOrder('order.retry', order)}
        />
        <OrderList
          snapshot={snapshot}
          focus={state.focus}
          onShow={({ clientSn }) => dispatch({ type: 'focused', clientSn })}
          onRevoke={setRevoking}
        />
      </main>
      {!isCutOff && revoking !== null && (
        <ConfirmDialog
          question={strings.revokeQuestion(formatAmount(revoking.amount, revoking.currency, language))}
          explanation={strings.revokeConsequence}
          confirm={strings.revokeConfirm(formatAmount(revoking.amount, revoking.currency, language))}
          cancel={strings.keepPayment}
          onConfirm={() => {
            setRevoking(null);
            onOrder('order.revoke', revoking);
          }}
          onCancel={() => setRevoking(null)}
        />
      )}
      {!isCutOff && state.guarded !== null && (
        <ConfirmDialog
          question={strings.guardQuestion(typedAmount(state.guarded.args.amount, snapshot, language))}
          explanation={noticeText(state.guarded.notice, strings)}
          confirm={strings.chargeAnyway}
          cancel={strings.doNotCharge}
          onConfirm={() => state.guarded !== null && collect({ ...state.guarded.args, override: true })}
          onCancel={() => dispatch({ type: 'guard_closed' })}
        />
      )}
    </div>
  );
}

/** Lets one call run at a time; a press or scan that comes meanwhile is dropped, not queued. */
function useCallOnce(dispatch: (action: Action) => void): (call: () => Promise<Action>) => void {
  const isRunning = useRef(false);
  return (call) => {
    if (isRunning.current) return;
    isRunning.current = true;
    dispatch({ type: 'call_started' });
    void call().then((action) => {
      isRunning.current = false;
      dispatch(action);
    });
  };
}

function isGuard(reply: Reply<unknown>): boolean {
  return !reply.ok && reply.error.code === 'sale_undecided';
}

function typedAmount(text: string, { currency }: Snapshot, language: Language): string {
  const parsed = parseAmount(text, currency);
  return parsed.ok ? formatAmount(parsed.value, currency, language) : text;
}
