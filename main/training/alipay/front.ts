import { assertNever } from '../../../shared/assert.ts';
import { readMinor } from '../amount.ts';
import type { RsaProtocol } from '../call.ts';
import type { ConditionStore } from '../conditions.ts';
import type { Front, Opened, SignatureCheck } from '../front.ts';
import type { OrderStore } from '../orders.ts';
import type { PracticeOrder } from '../practice-order.ts';
import type { PayRuling, RefundRuling, ReversalRuling } from '../ruling.ts';
import type { Payment, RefundRequest } from '../trades.ts';
import type { Client, ClientStore } from './clients.ts';
import { namesOrder, readBody, readPay, readRefundForm, textAt, type Body } from './forms.ts';
import {
  cancelMembers,
  codesOf,
  failed,
  inquiryMembers,
  IN_PROCESS,
  DECLINED,
  payMembers,
  paymentResultOf,
  refundMembers,
  resultOf,
  signed,
  SUCCESS,
  UNKNOWN,
  unsigned,
  type Reply,
} from './replies.ts';
import { ACQUIRER_FORM_PREFIX } from './routes.ts';
import { isSignatureOf, readSignatureHeader, signedContent } from './signature.ts';
import { readTime, writeTime } from './wire-time.ts';
import { writeReply } from './write.ts';

/** The only version of a client's key that was ever registered. */
const KEY_VERSION = '1';

/** Where the two protocols say the same with different words. */
const CODES = {
  alipayplus: {
    clientUnknown: 'INVALID_CLIENT',
    codeUsed: 'EXPIRED_CODE',
    cancelRefused: 'PROCESS_FAIL',
  },
  miniprogram: {
    clientUnknown: 'CLIENT_INVALID',
    codeUsed: 'AUTH_CODE_ALREADY_USED',
    cancelRefused: 'MERCHANT_BALANCE_NOT_ENOUGH',
  },
} as const;

export interface AlipayFrontDependencies {
  readonly clients: ClientStore;
  readonly orders: OrderStore;
  readonly conditions: ConditionStore;
  /** The practice clock in epoch milliseconds, shift included. */
  readonly nowMs: () => number;
}

type Asked = Opened<Body>;

/**
 * Alipay+ and the mini-program form: JSON signed with RSA keys both ways (alipayplus.md). To be asked
 * once the clients' keys are ready.
 */
export function alipayFront(
  protocol: RsaProtocol,
  dependencies: AlipayFrontDependencies,
): Front<Body, Reply> {
  const { clients, orders, conditions, nowMs } = dependencies;
  const senderOf = ({ clientId }: Asked): Client | undefined => {
    const client = clientId === null ? undefined : clients.find(clientId);
    return client?.protocol === protocol ? client : undefined;
  };
  return {
    protocol,
    open(call, wire) {
      const body = readBody(wire.raw);
      return {
        call,
        wire,
        body,
        sn: textAt(body, 'paymentId'),
        clientSn: textAt(body, 'paymentRequestId'),
        terminalSn: null,
        clientId: wire.header('client-id') ?? null,
        amountMinor: readMinor(textAt(body, 'paymentAmount', 'value') ?? ''),
      };
    },
    check: (opened) => check(opened, senderOf(opened), protocol, dependencies),
    changeKey(opened) {
      if (senderOf(opened) !== undefined) conditions.change({ clientKeyAccepted: false });
    },
    onTerminal: () => failed('INVALID_API', 'There is no such API.'),
    readPayment: (opened, body) => readPayment(protocol, opened, body),
    isWellFormed: (call, opened, body) => namesOrder(protocol, call, isAcquirerForm(opened), body),
    readRefund,
    malformed: failed('PARAM_ILLEGAL', 'Illegal parameters.'),
    unknownOrder: failed('ORDER_NOT_EXIST', 'The order does not exist.'),
    systemError: signed(UNKNOWN),
    coded: (code, status) => signed(resultOf(status, code, 'A code that somebody scripted.')),
    onPay: (ruling, echoExtraMinor) => payReply(protocol, ruling, echoExtraMinor),
    onQuery: (order, echoExtraMinor) =>
      signed(SUCCESS, inquiryMembers(protocol, order, orders.refundsOf(order.id), echoExtraMinor)),
    onReversal: (ruling, _echoExtraMinor, opened) => reversalReply(protocol, ruling, isAcquirerForm(opened)),
    onRefund: (ruling, echoExtraMinor) => refundReply(protocol, ruling, echoExtraMinor),
    codesOf,
    write(reply, opened, wording) {
      const client = senderOf(opened);
      const envelope =
        client === undefined
          ? null
          : {
              wire: opened.wire,
              clientId: client.clientId,
              key: client.gatewayKey,
              time: writeTime(nowMs()),
            };
      return writeReply(reply, envelope, wording);
    },
  };
}

/** Requests below the prefix of seed 004, or with its members, carry all three of its names. */
function isAcquirerForm({ wire, body }: Asked): boolean {
  return (
    wire.path.startsWith(ACQUIRER_FORM_PREFIX) ||
    textAt(body, 'acquirerId') !== undefined ||
    textAt(body, 'pspId') !== undefined
  );
}

interface Checked {
  readonly signature: SignatureCheck;
  readonly refusal: Reply | null;
}

/** Who cannot be identified is answered without a signature (alipayplus.md 1). */
function check(
  { wire }: Asked,
  client: Client | undefined,
  protocol: RsaProtocol,
  { conditions, nowMs }: AlipayFrontDependencies,
): Checked {
  const [clientId, time, text] = ['client-id', 'request-time', 'signature'].map((name) => wire.header(name));
  if (clientId === undefined || time === undefined || text === undefined) return WRONG;
  if (client === undefined) {
    const refusal = unsigned(CODES[protocol].clientUnknown, 'The client is invalid.');
    return { signature: 'unknown_sn', refusal };
  }
  const header = readSignatureHeader(text);
  if (header === undefined) return WRONG;
  if (header.keyVersion !== null && header.keyVersion !== KEY_VERSION) {
    return { signature: 'wrong', refusal: unsigned('KEY_NOT_FOUND', 'The key is not found.') };
  }
  const { clientKeyAccepted, freshnessMs } = conditions.current();
  const content = signedContent(wire, clientId, time, wire.raw);
  if (!clientKeyAccepted || !isSignatureOf(content, header.signature, client.clientKey)) return WRONG;
  const atMs = readTime(time);
  if (atMs === undefined || Math.abs(atMs - nowMs()) > freshnessMs) {
    return { signature: 'ok', refusal: failed('TIMESTAMP_INVALID', 'The Request-Time is invalid.') };
  }
  const isJson = /^application\/json\s*(;|$)/i.test(wire.header('content-type') ?? '');
  return { signature: 'ok', refusal: isJson ? null : NOT_JSON };
}

const WRONG: Checked = {
  signature: 'wrong',
  refusal: unsigned('INVALID_SIGNATURE', 'The signature is invalid.'),
};
const NOT_JSON = failed(
  'MEDIA_TYPE_NOT_ACCEPTABLE',
  'The server does not implement the media type that is acceptable to the client.',
);

function readPayment(protocol: RsaProtocol, { wire, clientId }: Asked, body: Body): Payment | undefined {
  const form = readPay(protocol, wire.path, body);
  if (form === undefined) return undefined;
  return {
    protocol,
    clientSn: form.paymentRequestId,
    terminalSn: null,
    clientId,
    totalMinor: Number(form.paymentAmount.value),
    currency: form.paymentAmount.currency,
    code: form.code,
    subject: form.order?.orderDescription ?? '',
    operator: '',
    reflect: null,
  };
}

function readRefund(body: Body): RefundRequest | undefined {
  const form = readRefundForm(body);
  if (form === undefined) return undefined;
  return {
    requestNo: form.refundRequestId,
    amountMinor: Number(form.refundAmount.value),
    currency: form.refundAmount.currency,
    nameScope: 'protocol',
  };
}

function payReply(protocol: RsaProtocol, ruling: PayRuling, echoExtraMinor: number): Reply | null {
  switch (ruling.kind) {
    case 'paid':
      return signed(SUCCESS, payMembers(protocol, ruling.order, echoExtraMinor));
    case 'in_progress':
      return signed(IN_PROCESS, payMembers(protocol, ruling.order, echoExtraMinor));
    case 'declined':
      return signed(DECLINED);
    case 'in_flight':
      return null;
    case 'known':
      return ruling.sameContent
        ? repeatedPayReply(protocol, ruling.order)
        : failed('REPEAT_REQ_INCONSISTENT', 'The paymentRequestId belongs to another payment.');
    case 'code_invalid':
      return failed('INVALID_CODE', 'The payment code is not valid.');
    case 'code_used':
      return failed(CODES[protocol].codeUsed, 'The payment code was used before or has expired.');
    default:
      return assertNever(ruling);
  }
}

/** The same request once more changes nothing and is told how its payment stands. */
function repeatedPayReply(protocol: RsaProtocol, order: PracticeOrder): Reply {
  const result = paymentResultOf(order);
  // Nobody knows yet of a payment that is still on its way, its number included.
  const isKnown = order.status !== 'IN_FLIGHT' && result.resultStatus !== 'F';
  return signed(result, isKnown ? payMembers(protocol, order, 0) : {});
}

function reversalReply(protocol: RsaProtocol, { kind, order }: ReversalRuling, acquirerForm: boolean): Reply {
  const done = () => signed(SUCCESS, cancelMembers(protocol, order, acquirerForm));
  switch (kind) {
    case 'cancelled':
    case 'aborted':
    case 'already':
      return done();
    case 'cancel_begun':
    case 'abort_begun':
    case 'running':
    case 'unclear':
      return signed(UNKNOWN);
    case 'invalid_state':
      // Neither table has a code for a payment that failed: it is as closed as a cancel would leave it.
      return order.status === 'PAY_CANCELED'
        ? done()
        : failed('ORDER_STATUS_INVALID', 'A refunded order cannot be cancelled.');
    case 'window_closed':
      return failed('CANCEL_WINDOW_EXCEED', 'The order can no longer be cancelled.');
    case 'refused':
      return failed(CODES[protocol].cancelRefused, 'The money cannot be given back now.');
    default:
      return assertNever(kind);
  }
}

function refundReply(protocol: RsaProtocol, ruling: RefundRuling, echoExtraMinor: number): Reply {
  switch (ruling.kind) {
    case 'refunded':
    case 'repeated':
      return signed(SUCCESS, refundMembers(protocol, ruling.order, ruling.refund, echoExtraMinor));
    case 'inconsistent':
      return failed('REPEAT_REQ_INCONSISTENT', 'The refundRequestId belongs to another refund.');
    case 'wrong_currency':
      return failed('CURRENCY_NOT_SUPPORT', 'The order was paid in another currency.');
    case 'invalid_state':
      return failed('ORDER_STATUS_INVALID', 'Only what was paid can be refunded.');
    case 'not_enough':
      return failed('REFUND_AMOUNT_EXCEED', 'The refund is larger than what is left of the order.');
    default:
      return assertNever(ruling);
  }
}
