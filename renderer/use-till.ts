import { useMemo, useRef } from 'preact/hooks';
import type { CallArgs, CallResult, OrderCard, Snapshot } from '../shared/contract.ts';
import { afterKey } from './input/amount-keys.ts';
import type { Reply, ScreenApi } from '../shared/bridge.ts';
import { NO_LAST_LIST } from './last-list.ts';
import type { PreferencesControl } from './preferences.ts';
import { type Draft, DraftStore } from './input/draft.ts';
import { type Action, isFocusDecided, type ScreenState } from './state.ts';
import type { Till, TillActions } from './till.ts';

interface TillSources {
  readonly state: ScreenState;
  readonly snapshot: Snapshot;
  readonly api: ScreenApi;
  readonly dispatch: (action: Action) => void;
  readonly preferences: PreferencesControl;
}

/** Binds what a screen may do to the calls of the contract. */
export function useTillValue(sources: TillSources): Till {
  const latest = useRef(sources);
  latest.current = sources;
  // The same functions for the life of the window, so that a thousand rows need not be drawn again for them.
  const draft = useMemo(() => new DraftStore(), []);
  const actions = useMemo(() => createActions(() => latest.current, draft), []);
  const { state, snapshot, api, preferences } = sources;
  const lastList = useRef(NO_LAST_LIST);
  const onScreen = useRef<OrderCard | null>(null);
  return { state, snapshot, api, actions, draft, preferences, lastList, onScreen };
}

function createActions(latest: () => TillSources, draft: DraftStore): TillActions {
  const dispatch = (action: Action) => latest().dispatch(action);
  const callOnce = createCallOnce(dispatch);
  const turning = createTurning(latest);

  let collectedAtMs = Number.NEGATIVE_INFINITY;

  const collect = (args: CallArgs<'sale.collect'>): boolean => {
    const isStarted = callOnce(async () => {
      const reply = await latest().api['sale.collect'](args);
      if (!reply.ok && reply.error.code === 'sale_undecided')
        return { type: 'guarded', question: { type: 'guard', args, notice: reply.error } };
      if (reply.ok) {
        collectedAtMs = Date.now();
        // The form is empty for the next customer, unless somebody has begun to type that sale already.
        if (draft.current.amount === args.amount) draft.beginNext();
        dispatch({ type: 'preparing', isPreparing: !isBlank(draft.current) });
      }
      return { type: 'sale_answered', reply };
    });
    if (isStarted) turning.now();
    return isStarted;
  };
  const onOrder = (call: (api: ScreenApi) => Promise<Reply<CallResult<'order.retry'>>>) =>
    callOnce(async () => ({ type: 'order_answered', reply: await call(latest().api) }));

  const prepare = (change: Partial<Draft>) => {
    const before = draft.current.amount;
    draft.change(change);
    dispatch({ type: 'preparing', isPreparing: !isBlank(draft.current) });
    // The first keys of a scanned card pass through the field as well; they are no amount.
    if (change.amount === undefined || !isTyping(before) || !isTyping(change.amount)) return;
    turning.to(change.amount);
  };

  return {
    prepare,
    key: (key) => prepare({ amount: afterKey(draft.current.amount, key, latest().snapshot.currency) }),
    collect: () => {
      const drafted = draft.current;
      // The second half of a double press, or a press after the scanner's pause has collected already.
      if (isBlank(drafted) && Date.now() - collectedAtMs < DOUBLE_PRESS_MS) return;
      // A code that cannot be sent yet stays, unreadable, for the next press.
      if (!collect(saleOf(drafted))) return;
      // A payment code is as good as money for a minute: it leaves the screen as it is sent.
      draft.change({ code: '' });
    },
    scanCode: (code) => {
      const drafted = draft.current;
      const isSent = drafted.amount.trim() !== '' && collect(saleOf({ ...drafted, code }));
      if (!isSent) draft.change({ code });
    },
    collectAnyway: () => {
      const { question } = latest().state;
      if (question?.type === 'guard') collect({ ...question.args, override: true });
    },
    giveUp: ({ clientSn }) => onOrder((api) => api['order.giveUp']({ clientSn })),
    retry: ({ clientSn }) => onOrder((api) => api['order.retry']({ clientSn })),
    giveBack: (by, { clientSn }, reason) => onOrder((api) => api[`order.${by}`]({ clientSn, reason })),
    reverse: ({ clientSn }) => onOrder((api) => api['order.reverse']({ clientSn })),
    settle: ({ clientSn }, word) => onOrder((api) => api['order.settle']({ clientSn, ...word })),
    ask: (question) => dispatch({ type: 'asked', question }),
    askRevoke: (order) => dispatch({ type: 'asked', question: { type: 'revoke', order } }),
    closeQuestion: () => dispatch({ type: 'question_closed' }),
    nextSale: () => {
      draft.clear();
      dispatch({ type: 'preparing', isPreparing: false });
      turning.idle();
    },
    notice: (notice) => dispatch({ type: 'noticed', notice }),
    closeNotice: () => dispatch({ type: 'notice_closed' }),
  };
}

const DOUBLE_PRESS_MS = 2000;

function isBlank({ amount, code }: Draft): boolean {
  return amount === '' && code === '';
}

function saleOf({ amount, code, saleId, subject }: Draft): CallArgs<'sale.collect'> {
  return {
    amount,
    code,
    ...(saleId.trim() === '' ? {} : { saleId: saleId.trim() }),
    ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
  };
}

/** Lets one call run at a time; one that comes meanwhile is not queued but refused with false. */
function createCallOnce(dispatch: (action: Action) => void): (call: () => Promise<Action>) => boolean {
  let isRunning = false;
  return (call) => {
    if (isRunning) return false;
    isRunning = true;
    dispatch({ type: 'call_started' });
    void call().then((action) => {
      isRunning = false;
      dispatch(action);
    });
    return true;
  };
}

/** An amount on its way to being one. */
function isTyping(text: string): boolean {
  return /^[\d.]*$/.test(text);
}

/** Longer than between two keys of a scanner, which take back what they typed. */
const TURNING_MS = 150;

/**
 * Turns the instruction and the customer's display to the next sale once somebody types one. What stands
 * there stays when the keys were a scanner's, or when a verdict comes while one types.
 */
function createTurning(latest: () => TillSources): Turning {
  let timer: number | undefined;
  let hasTurned = false;
  const turn = () => latest().dispatch({ type: 'next_sale_begun' });
  const show = (amount: string) => {
    const { state, api } = latest();
    // A customer who waits is not shown the next one's amount.
    if (isFocusDecided(state))
      void api['counter.show'](amount === '' ? { kind: 'idle' } : { kind: 'amount', amount });
  };
  return {
    to(amount) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (!hasTurned && amount === '') return;
        if (!hasTurned) turn();
        hasTurned = amount !== '';
        show(amount);
      }, TURNING_MS);
    },
    now() {
      window.clearTimeout(timer);
      hasTurned = false;
      turn();
    },
    idle() {
      this.now();
      show('');
    },
  };
}

interface Turning {
  /** Somebody types this amount. */
  readonly to: (amount: string) => void;
  /** The sale goes out. */
  readonly now: () => void;
  /** Nobody stands at the counter. */
  readonly idle: () => void;
}
