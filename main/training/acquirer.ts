import { assertNever } from '../../shared/assert.ts';
import { isReversal, type Call, type OrderCall } from './call.ts';
import { NORMAL, type Action, type Delivery } from './fault.ts';
import type { FaultScript, ScriptedFault } from './fault-script.ts';
import { faultOf, troubleOf, type FaultName } from './faults.ts';
import type { Front, Message, Opened, WireRequest } from './front.ts';
import { magicFault } from './magic-amounts.ts';
import type { OrderStore } from './orders.ts';
import type { PracticeOrder } from './practice-order.ts';
import type { Trades } from './trades.ts';
import type { WireLog } from './wire-log.ts';

/** What to send back, and how. A null message means that none was made. */
export interface Handled {
  readonly seq: number;
  readonly message: Message | null;
  readonly delivery: Delivery;
}

export interface AcquirerDependencies {
  readonly orders: OrderStore;
  readonly trades: Trades;
  readonly log: WireLog;
  readonly script: FaultScript;
  /** The practice clock in epoch milliseconds, shift included. */
  readonly nowMs: () => number;
  /** Runs all of a call's changes as one, so that a killed gateway never half-charges. */
  readonly atomically: <Value>(run: () => Value) => Value;
}

/** Everything known about a call before its signature is looked at. */
interface Arrival<Body> {
  readonly seq: number;
  readonly opened: Opened<Body>;
  /** The order it names, if there is one, in-flight orders included. */
  readonly order: PracticeOrder | undefined;
  readonly scripted: ScriptedFault | undefined;
}

interface Answer<Reply> {
  readonly reply: Reply | null;
  readonly action: Action;
}

/** One front's acquirer: what its routes hand their requests to. */
export interface Acquirer {
  handle(call: Call, request: WireRequest): Handled;
}

/** Takes a protocol's calls in: notes them, meets their faults, checks who sent them and carries them out. */
export function acquirer<Body, Reply>(
  front: Front<Body, Reply>,
  dependencies: AcquirerDependencies,
): Acquirer {
  const { orders, log, script, atomically, nowMs } = dependencies;

  return {
    handle(call, request) {
      const opened = front.open(call, request);
      const { terminalSn, clientId } = opened;
      orders.settle(nowMs());
      const order = call === 'activate' ? undefined : orders.find(front.protocol, opened);
      const clientSn = order?.clientSn ?? opened.clientSn ?? null;
      // Noted in a transaction of its own: a request that arrived stays noted whatever happens next.
      const seq = log.arrived({
        call,
        path: request.path,
        terminalSn,
        clientId,
        clientSn,
        sn: order?.sn ?? opened.sn ?? null,
      });
      const scripted = script.take(front.protocol, call, clientSn);
      return atomically(() => answer({ seq, opened, order, scripted }, front, dependencies));
    },
  };
}

function answer<Body, Reply>(
  arrival: Arrival<Body>,
  front: Front<Body, Reply>,
  dependencies: AcquirerDependencies,
): Handled {
  const { orders, log } = dependencies;
  const { seq, opened, order, scripted } = arrival;
  const { call } = opened;
  if (scripted !== undefined) log.fault(seq, scripted.fault);
  if (scripted === undefined && call === 'query' && order?.lineDead === true) {
    if (order.fault !== null) log.fault(seq, order.fault);
    return { seq, message: null, delivery: 'hang' };
  }
  const action = scripted === undefined ? undefined : scriptedAction(scripted.fault, call);
  if (action?.rotatesKey === 'before') front.changeKey(opened);
  if (action?.work === 'none' && action.answersCode !== true) {
    return { seq, message: null, delivery: action.delivery };
  }
  // A dead line carries a reversal, and lives again from then on, even if its signature is refused.
  if (order?.lineDead === true && isReversal(call)) orders.revive(order.id);

  const { reply, action: met } = carryOut(arrival, action, front, dependencies);
  if (met.rotatesKey === 'after') front.changeKey(opened);
  if (reply === null) return { seq, message: null, delivery: met.delivery };
  log.result(seq, front.codesOf(reply));
  return { seq, message: worded(reply, met, opened, front), delivery: met.delivery };
}

/** An answer that the delivery replaces or bloats is written that way at once, so that it can be signed. */
function worded<Body, Reply>(
  reply: Reply,
  { delivery, wording = 'faithful' }: Action,
  opened: Opened<Body>,
  front: Front<Body, Reply>,
): Message {
  if (delivery === 'envelope_500') return front.write(front.systemError, opened, 'faithful');
  return front.write(reply, opened, delivery === 'bloat' ? 'padded' : wording);
}

function carryOut<Body, Reply>(
  arrival: Arrival<Body>,
  scripted: Action | undefined,
  front: Front<Body, Reply>,
  dependencies: AcquirerDependencies,
): Answer<Reply> {
  const { opened, seq } = arrival;
  const { call, body } = opened;
  const { signature, refusal } = front.check(opened);
  dependencies.log.signature(seq, signature);
  const action = scripted ?? NORMAL;
  if (refusal !== null) return { reply: refusal, action };
  if (body === undefined) return { reply: front.malformed, action };
  if (scripted?.answersCode === true) {
    const { code = '', status = '' } = arrival.scripted ?? {};
    return { reply: front.coded(code, status), action };
  }
  switch (call) {
    case 'activate':
    case 'checkin':
      return { reply: front.onTerminal(call, body), action };
    case 'pay':
      return pay(arrival, body, front, dependencies);
    case 'query':
    case 'cancel':
    case 'revoke':
    case 'refund':
      return onOrder(arrival, call, body, scripted, front, dependencies);
    default:
      return assertNever(call);
  }
}

function pay<Body, Reply>(
  { seq, opened, scripted }: Arrival<Body>,
  body: Body,
  front: Front<Body, Reply>,
  { trades, log }: AcquirerDependencies,
): Answer<Reply> {
  const name = scripted?.fault ?? magicFault(opened.amountMinor ?? 0);
  const trouble = name === undefined ? undefined : troubleOf(name);
  if (scripted === undefined && trouble?.pay.work === 'none') {
    if (name !== undefined) log.fault(seq, name);
    return { reply: null, action: trouble.pay };
  }
  const wanted = front.readPayment(opened, body);
  // A magic amount troubles the order it makes, never the refusal of a request that made none.
  const unentered = scripted === undefined ? NORMAL : (trouble?.pay ?? NORMAL);
  if (wanted === undefined) return { reply: front.malformed, action: unentered };
  const { ruling, entered } = trades.pay(wanted, trouble ?? UNTROUBLED, name ?? null);
  const action = entered ? (trouble?.pay ?? NORMAL) : unentered;
  if (entered && name !== undefined) log.fault(seq, name);
  return { reply: front.onPay(ruling, action.echoExtraMinor ?? 0, opened), action };
}

const UNTROUBLED = { pay: NORMAL, lineDead: false };

function onOrder<Body, Reply>(
  { seq, opened, order }: Arrival<Body>,
  call: OrderCall,
  body: Body,
  scripted: Action | undefined,
  front: Front<Body, Reply>,
  { trades, log }: AcquirerDependencies,
): Answer<Reply> {
  const action = scripted ?? NORMAL;
  if (!front.isWellFormed(call, opened, body)) return { reply: front.malformed, action };
  if (order === undefined || order.status === 'IN_FLIGHT') return { reply: front.unknownOrder, action };
  const troubled = scripted ?? troubledAction(order, call);
  if (scripted === undefined && troubled !== undefined && order.fault !== null) log.fault(seq, order.fault);
  const met = troubled ?? NORMAL;
  const echoExtraMinor = met.echoExtraMinor ?? 0;
  switch (call) {
    case 'query':
      return { reply: front.onQuery(order, echoExtraMinor, opened), action: met };
    case 'cancel':
    case 'revoke':
      return { reply: front.onReversal(trades.reverse(order, met), echoExtraMinor, opened), action: met };
    case 'refund': {
      const wanted = front.readRefund(body);
      if (wanted === undefined) return { reply: front.malformed, action: met };
      return { reply: front.onRefund(trades.refund(order, wanted), echoExtraMinor, opened), action: met };
    }
    default:
      return assertNever(call);
  }
}

function scriptedAction(name: FaultName, call: Call): Action {
  return call === 'pay' ? troubleOf(name).pay : faultOf(name).action;
}

/** What the fault that stayed with the order does to this call; undefined when nothing. */
function troubledAction(order: PracticeOrder, call: OrderCall): Action | undefined {
  if (order.fault === null || call === 'refund') return undefined;
  const trouble = troubleOf(order.fault);
  if (call === 'query') return trouble.query;
  return (order.reversals === 0 ? trouble.firstReversal : undefined) ?? trouble.everyReversal;
}
