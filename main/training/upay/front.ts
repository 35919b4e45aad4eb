import { assertNever } from '../../../shared/assert.ts';
import { readMinor } from '../amount.ts';
import type { OrderCall, TerminalCall } from '../call.ts';
import type { ConditionStore } from '../conditions.ts';
import type { Wording } from '../fault.ts';
import type { Front, Message, Opened } from '../front.ts';
import type { PayRuling, RefundRuling, ReversalRuling } from '../ruling.ts';
import type { Payment, RefundRequest } from '../trades.ts';
import {
  codesOf,
  failed,
  fault,
  flatReply,
  orderData,
  ORDER_NOT_EXISTS,
  refusal,
  success,
  unclear,
  type Reply,
} from './replies.ts';
import { readAuthorization, readRequestBody, type RequestBody } from './request-body.ts';
import type { TerminalStore } from './terminals.ts';

/** The documents disagree between 32 and 64; the longer one is accepted (upay.md 5, row 1). */
const LONGEST_CLIENT_SN = 64;
/** More than any client should be willing to read. */
const PADDING_BYTES = 4 * 1024 * 1024;
/** Upay names no currency: all of it is money of mainland China. */
const CURRENCY = 'CNY';

interface UpayFrontDependencies {
  readonly terminals: TerminalStore;
  readonly conditions: ConditionStore;
}

/** Upay v2: an MD5 signature over each request, every answer an envelope of text (upay.md 1 to 3). */
export function upayFront(dependencies: UpayFrontDependencies): Front<RequestBody, Reply> {
  const { terminals } = dependencies;
  return {
    protocol: 'upay',
    open(call, wire) {
      const body = readRequestBody(wire.raw);
      return {
        call,
        wire,
        body,
        sn: body?.sn,
        clientSn: body?.client_sn,
        terminalSn: authorizationOf(wire)?.sn ?? body?.terminal_sn ?? null,
        clientId: null,
        amountMinor: readMinor(body?.total_amount ?? ''),
      };
    },
    check: (opened) => check(opened, dependencies),
    changeKey({ wire }) {
      const authorization = authorizationOf(wire);
      if (authorization !== undefined) terminals.rotateKey(authorization.sn);
    },
    onTerminal: (call, body) => onTerminal(call, body, terminals),
    readPayment: (_opened, body) => readPayment(body),
    isWellFormed: (_call: OrderCall, { sn, clientSn }) => sn !== undefined || clientSn !== undefined,
    readRefund,
    malformed: INVALID_PARAMS,
    unknownOrder: ORDER_NOT_EXISTS,
    systemError: fault('500', 'UNKNOWN_SYSTEM_ERROR', 'The system failed.'),
    coded: (code) => refusal(code, 'A code that somebody scripted.'),
    onPay: payReply,
    onQuery: (order, echoExtraMinor) => success('SUCCESS', orderData(order, echoExtraMinor)),
    onReversal: reversalReply,
    onRefund: refundReply,
    codesOf,
    write,
  };
}

function authorizationOf(wire: Opened<RequestBody>['wire']): ReturnType<typeof readAuthorization> {
  return readAuthorization(wire.header('authorization'));
}

function check(opened: Opened<RequestBody>, { terminals, conditions }: UpayFrontDependencies) {
  const { call, wire, body } = opened;
  const authorization = authorizationOf(wire);
  if (authorization === undefined) return { signature: 'wrong', refusal: ILLEGAL_SIGN } as const;
  const acceptsPreviousKey = call === 'checkin' || conditions.current().previousKeyTrades;
  const signature =
    call === 'activate'
      ? terminals.checkVendor(authorization.sn, authorization.sign, wire.raw)
      : terminals.checkTerminal(authorization.sn, authorization.sign, wire.raw, acceptsPreviousKey);
  if (signature !== 'ok') {
    const isUnknown = signature === 'unknown_sn' && call !== 'activate';
    return { signature, refusal: isUnknown ? INVALID_TERMINAL : ILLEGAL_SIGN };
  }
  if (call === 'activate') return { signature, refusal: null };
  // The terminal named in the body must be there and be the one that signed.
  if (body?.terminal_sn === undefined) return { signature, refusal: INVALID_PARAMS };
  return { signature, refusal: body.terminal_sn === authorization.sn ? null : INVALID_TERMINAL };
}

function onTerminal(call: TerminalCall, body: RequestBody, terminals: TerminalStore): Reply {
  switch (call) {
    case 'activate':
      return activate(body, terminals);
    case 'checkin':
      if (body.terminal_sn === undefined || body.device_id === undefined) return INVALID_PARAMS;
      return identityReply(body.terminal_sn, terminals.rotateKey(body.terminal_sn));
    default:
      return assertNever(call);
  }
}

function activate(body: RequestBody, terminals: TerminalStore): Reply {
  const { app_id: appId, code, device_id: deviceId } = body;
  if (appId === undefined || code === undefined || deviceId === undefined) return INVALID_PARAMS;
  if (!terminals.isActivationAllowed(appId, code)) {
    return fault('400', 'ACTIVATE_FAIL', 'The application or the activation code is not valid.');
  }
  const { terminalSn, terminalKey } = terminals.activate(deviceId);
  return identityReply(terminalSn, terminalKey);
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

function readPayment(body: RequestBody): Payment | undefined {
  const { client_sn: clientSn, dynamic_id: code, subject, operator, payway, reflect } = body;
  const totalMinor = readMinor(body.total_amount ?? '');
  if (clientSn === undefined || clientSn.length > LONGEST_CLIENT_SN || totalMinor === undefined)
    return undefined;
  if (code === undefined || subject === undefined || operator === undefined) return undefined;
  return {
    protocol: 'upay',
    clientSn,
    terminalSn: body.terminal_sn ?? '',
    clientId: null,
    totalMinor,
    currency: CURRENCY,
    code,
    subject,
    operator,
    payway,
    reflect: reflect ?? null,
  };
}

function readRefund(body: RequestBody): RefundRequest | undefined {
  const amountMinor = readMinor(body.refund_amount ?? '');
  const requestNo = body.refund_request_no;
  if (amountMinor === undefined || requestNo === undefined || body.operator === undefined) return undefined;
  return { requestNo, amountMinor, currency: CURRENCY, nameScope: 'order' };
}

function payReply(ruling: PayRuling, echoExtraMinor: number): Reply | null {
  switch (ruling.kind) {
    case 'paid':
      return success('PAY_SUCCESS', orderData(ruling.order, echoExtraMinor));
    case 'in_progress':
      return success('PAY_IN_PROGRESS', orderData(ruling.order, echoExtraMinor));
    case 'declined':
      return failed(
        'PAY_FAIL',
        'INSUFFICIENT_FUND',
        'The wallet has not enough money.',
        orderData(ruling.order, echoExtraMinor),
      );
    case 'in_flight':
      return null;
    case 'known':
      return refusal('CLIENT_SN_CONFLICT', 'This client_sn already exists.');
    case 'code_invalid':
      return refusal('INVALID_BARCODE', 'The payment code is not valid.');
    case 'code_used':
      return refusal('EXPIRED_BARCODE', 'The payment code was used before or has expired.');
    default:
      return assertNever(ruling);
  }
}

function reversalReply({ kind, order }: ReversalRuling, echoExtraMinor: number): Reply {
  switch (kind) {
    case 'cancelled':
      return success('CANCEL_SUCCESS', orderData(order, echoExtraMinor));
    case 'aborted':
      return success('CANCEL_ABORT_SUCCESS', orderData(order, echoExtraMinor));
    case 'cancel_begun':
      return success('CANCEL_IN_PROGRESS', orderData(order, echoExtraMinor));
    case 'abort_begun':
      return success('CANCEL_ABORT_IN_PROGRESS', orderData(order, echoExtraMinor));
    case 'running':
      return success('CANCEL_IN_PROGRESS', orderData(order, 0));
    case 'already':
      return refusal('UPAY_CANCEL_ORDER_NOOP', 'The order is already cancelled.');
    case 'invalid_state':
      return invalidState('UPAY_CANCEL_INVALID_ORDER_STATE', 'cancelled', `its state is ${order.status}`);
    case 'window_closed':
      return invalidState(
        'UPAY_CANCEL_INVALID_ORDER_STATE',
        'cancelled',
        'only orders of the same calendar day can',
      );
    case 'refused':
      return unclear(
        'CANCEL_ERROR',
        'UPAY_TCP_ORDER_NOT_REFUNDABLE',
        'The order took part in a campaign and cannot be cancelled.',
      );
    case 'unclear':
      return unclear(
        'CANCEL_ABORT_ERROR',
        'UNEXPECTED_PROVIDER_ERROR',
        'The result of the cancel is not known.',
      );
    default:
      return assertNever(kind);
  }
}

function refundReply(ruling: RefundRuling, echoExtraMinor: number): Reply {
  switch (ruling.kind) {
    case 'refunded':
      return success('REFUND_SUCCESS', orderData(ruling.order, echoExtraMinor));
    case 'repeated':
    case 'inconsistent':
      return refusal('UPAY_REFUND_ORDER_NOOP', 'This refund was done before.');
    case 'invalid_state':
      return invalidState(
        'UPAY_REFUND_INVALID_ORDER_STATE',
        'refunded',
        `its state is ${ruling.order.status}`,
      );
    case 'wrong_currency':
      return INVALID_PARAMS;
    case 'not_enough':
      return refusal('REFUNDABLE_AMOUNT_NOT_ENOUGH', 'The refund is larger than what is left of the order.');
    default:
      return assertNever(ruling);
  }
}

function invalidState(code: string, what: string, why: string): Reply {
  return refusal(code, `The order cannot be ${what}: ${why}.`);
}

/** Answers are not signed, so nothing but their length can be bent. */
function write(reply: Reply, _opened: Opened<RequestBody>, wording: Wording): Message {
  const padding = wording === 'padded' ? { padding: 'x'.repeat(PADDING_BYTES) } : {};
  return {
    headers: { 'content-type': 'application/json; charset=utf-8' },
    text: JSON.stringify({ ...reply, ...padding }),
  };
}

const ILLEGAL_SIGN = fault('400', 'ILLEGAL_SIGN', 'The signature is not valid.');
const INVALID_TERMINAL = fault('400', 'INVALID_TERMINAL', 'The terminal is not valid.');
const INVALID_PARAMS = fault('400', 'INVALID_PARAMS', 'A required parameter is missing or malformed.');
