import { assertNever } from '../../shared/assert.ts';
import { isReversal, PATHS, type Call } from './call.ts';
import type { ConditionStore } from './conditions.ts';
import type { FaultScript } from './fault-script.ts';
import { faultOf, NORMAL, troubleOf, type Action, type Delivery, type FaultName } from './faults.ts';
import { magicFault } from './magic-amounts.ts';
import type { OrderStore } from './orders.ts';
import type { PracticeOrder } from './practice-order.ts';
import { codesOf, fault, flatReply, ORDER_NOT_EXISTS, type Reply } from './replies.ts';
import { readAuthorization, readMinor, readRequestBody, type RequestBody } from './request-body.ts';
import type { TerminalStore } from './terminals.ts';
import { INVALID_PARAMS, type Trades } from './trades.ts';
import type { WireLog } from './wire-log.ts';

/** A request as it came over the wire: the signature covers exactly these bytes. */
interface WireRequest {
  readonly raw: Uint8Array;
  readonly authorization: string | undefined;
}

/** What to send back, and how. A null reply means that none was made. */
export interface Handled {
  readonly seq: number;
  readonly reply: Reply | null;
  readonly delivery: Delivery;
}

interface AcquirerDependencies {
  readonly orders: OrderStore;
  readonly terminals: TerminalStore;
  readonly trades: Trades;
  readonly log: WireLog;
  readonly script: FaultScript;
  readonly conditions: ConditionStore;
  /** The practice clock in epoch milliseconds, shift included. */
  readonly nowMs: () => number;
  /** Runs all of a call's changes as one, so that a killed gateway never half-charges. */
  readonly atomically: <Value>(run: () => Value) => Value;
}

/** Everything known about a call before its signature is looked at. */
interface Arrival {
  readonly call: Call;
  readonly seq: number;
  readonly body: RequestBody | undefined;
  /** The order it names, if there is one, in-flight orders included. */
  readonly order: PracticeOrder | undefined;
  readonly raw: Uint8Array;
  readonly authorization: ReturnType<typeof readAuthorization>;
  readonly scripted: FaultName | undefined;
}

interface Answer {
  readonly reply: Reply | null;
  readonly action: Action;
}

export type Acquirer = ReturnType<typeof acquirer>;

/** Takes a call in: notes it, meets its faults, checks its signature and carries it out. */
export function acquirer(dependencies: AcquirerDependencies) {
  const { orders, log, script, atomically, nowMs } = dependencies;

  return {
    handle(call: Call, request: WireRequest): Handled {
      const body = readRequestBody(request.raw);
      const authorization = readAuthorization(request.authorization);
      orders.settle(nowMs());
      const order =
        call === 'activate' ? undefined : orders.find({ sn: body?.sn, clientSn: body?.client_sn });
      const clientSn = order?.clientSn ?? body?.client_sn ?? null;
      // Noted in a transaction of its own: a request that arrived stays noted whatever happens next.
      const seq = log.arrived({
        path: PATHS[call],
        terminalSn: authorization?.sn ?? body?.terminal_sn ?? null,
        clientSn,
        sn: order?.sn ?? body?.sn ?? null,
      });
      const scripted = script.take(call, clientSn);
      return atomically(() =>
        answer({ call, seq, body, order, raw: request.raw, authorization, scripted }, dependencies),
      );
    },
  };
}

function answer(arrival: Arrival, dependencies: AcquirerDependencies): Handled {
  const { orders, terminals, log } = dependencies;
  const { call, seq, order, scripted, authorization } = arrival;
  if (scripted !== undefined) log.fault(seq, scripted);
  if (scripted === undefined && call === 'query' && order?.lineDead === true) {
    if (order.fault !== null) log.fault(seq, order.fault);
    return { seq, reply: null, delivery: 'hang' };
  }
  const action = scripted === undefined ? undefined : scriptedAction(scripted, call);
  if (action?.rotatesKey === 'before' && authorization !== undefined) terminals.rotateKey(authorization.sn);
  if (action?.work === 'none') return { seq, reply: null, delivery: action.delivery };
  // A dead line carries a reversal, and lives again from then on, even if its signature is refused.
  if (order?.lineDead === true && isReversal(call)) orders.revive(order.id);

  const { reply, action: met } = carryOut(arrival, action, dependencies);
  if (met.rotatesKey === 'after' && authorization !== undefined) terminals.rotateKey(authorization.sn);
  if (reply !== null) log.result(seq, codesOf(reply));
  return { seq, reply, delivery: met.delivery };
}

function carryOut(
  arrival: Arrival,
  scripted: Action | undefined,
  dependencies: AcquirerDependencies,
): Answer {
  const refused = checkSignature(arrival, dependencies) ?? checkTerminal(arrival);
  if (refused !== undefined) return { reply: refused, action: scripted ?? NORMAL };
  const { call, body } = arrival;
  if (body === undefined) return { reply: INVALID_PARAMS, action: scripted ?? NORMAL };
  switch (call) {
    case 'activate':
      return { reply: activate(body, dependencies), action: scripted ?? NORMAL };
    case 'checkin':
      return { reply: checkin(body, dependencies), action: scripted ?? NORMAL };
    case 'pay':
      return pay(arrival, body, dependencies);
    case 'query':
    case 'cancel':
    case 'revoke':
    case 'refund':
      return onOrder(arrival, call, body, scripted, dependencies);
    default:
      return assertNever(call);
  }
}

function checkSignature(
  { call, seq, raw, authorization }: Arrival,
  { terminals, log, conditions }: AcquirerDependencies,
): Reply | undefined {
  if (authorization === undefined) {
    log.signature(seq, 'wrong');
    return ILLEGAL_SIGN;
  }
  const acceptsPreviousKey = call === 'checkin' || conditions.current().previousKeyTrades;
  const check =
    call === 'activate'
      ? terminals.checkVendor(authorization.sn, authorization.sign, raw)
      : terminals.checkTerminal(authorization.sn, authorization.sign, raw, acceptsPreviousKey);
  log.signature(seq, check);
  if (check === 'ok') return undefined;
  return check === 'unknown_sn' && call !== 'activate' ? INVALID_TERMINAL : ILLEGAL_SIGN;
}

/** The terminal named in the body must be there and be the one that signed. */
function checkTerminal({ call, body, authorization }: Arrival): Reply | undefined {
  if (call === 'activate') return undefined;
  if (body?.terminal_sn === undefined) return INVALID_PARAMS;
  return body.terminal_sn === authorization?.sn ? undefined : INVALID_TERMINAL;
}

function activate(body: RequestBody, { terminals }: AcquirerDependencies): Reply {
  const { app_id: appId, code, device_id: deviceId } = body;
  if (appId === undefined || code === undefined || deviceId === undefined) return INVALID_PARAMS;
  if (!terminals.isActivationAllowed(appId, code)) {
    return fault('400', 'ACTIVATE_FAIL', 'The application or the activation code is not valid.');
  }
  const { terminalSn, terminalKey } = terminals.activate(deviceId);
  return identityReply(terminalSn, terminalKey);
}

function checkin(body: RequestBody, { terminals }: AcquirerDependencies): Reply {
  if (body.terminal_sn === undefined || body.device_id === undefined) return INVALID_PARAMS;
  return identityReply(body.terminal_sn, terminals.rotateKey(body.terminal_sn));
}

function identityReply(terminalSn: string, terminalKey: string): Reply {
  return flatReply({
    terminal_sn: terminalSn,
    terminal_key: terminalKey,
    merchant_sn: '1680000000001',
    merchant_name: 'Practice merchant',
    store_sn: '1580000000001',
    store_name: 'Practice store',
  });
}

function pay({ seq, scripted }: Arrival, body: RequestBody, { trades, log }: AcquirerDependencies): Answer {
  const name = scripted ?? magicFault(readMinor(body.total_amount ?? '') ?? 0);
  const trouble = name === undefined ? undefined : troubleOf(name);
  if (scripted === undefined && trouble?.pay.work === 'none') {
    if (name !== undefined) log.fault(seq, name);
    return { reply: null, action: trouble.pay };
  }
  const untroubled = { pay: NORMAL, lineDead: false };
  const result = trades.pay(body, body.terminal_sn ?? '', trouble ?? untroubled, name ?? null);
  // A magic amount troubles the order it makes, never the refusal of a request that made none.
  if (!result.entered && scripted === undefined) return { reply: result.reply, action: NORMAL };
  if (name !== undefined) log.fault(seq, name);
  return { reply: result.reply, action: trouble?.pay ?? NORMAL };
}

function onOrder(
  { seq, order }: Arrival,
  call: 'query' | 'cancel' | 'revoke' | 'refund',
  body: RequestBody,
  scripted: Action | undefined,
  { trades, log }: AcquirerDependencies,
): Answer {
  const action = scripted ?? NORMAL;
  if (body.sn === undefined && body.client_sn === undefined) return { reply: INVALID_PARAMS, action };
  if (order === undefined || order.status === 'IN_FLIGHT') return { reply: ORDER_NOT_EXISTS, action };
  const troubled = scripted ?? troubledAction(order, call);
  if (scripted === undefined && troubled !== undefined && order.fault !== null) log.fault(seq, order.fault);
  const met = troubled ?? NORMAL;
  switch (call) {
    case 'query':
      return { reply: trades.query(order, met), action: met };
    case 'cancel':
    case 'revoke':
      return { reply: trades.reverse(order, met), action: met };
    case 'refund':
      return { reply: trades.refund(order, body, met), action: met };
    default:
      return assertNever(call);
  }
}

function scriptedAction(name: FaultName, call: Call): Action {
  return call === 'pay' ? troubleOf(name).pay : faultOf(name).action;
}

/** What the fault that stayed with the order does to this call; undefined when nothing. */
function troubledAction(
  order: PracticeOrder,
  call: 'query' | 'cancel' | 'revoke' | 'refund',
): Action | undefined {
  if (order.fault === null || call === 'refund') return undefined;
  const trouble = troubleOf(order.fault);
  if (call === 'query') return trouble.query;
  return (order.reversals === 0 ? trouble.firstReversal : undefined) ?? trouble.everyReversal;
}

const ILLEGAL_SIGN = fault('400', 'ILLEGAL_SIGN', 'The signature is not valid.');
const INVALID_TERMINAL = fault('400', 'INVALID_TERMINAL', 'The terminal is not valid.');
