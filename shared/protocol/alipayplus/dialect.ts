import type { Dialect } from '../alipay/dialect.ts';
import { cancelOutcome, payOutcome, queryOutcome, refundOutcome } from '../alipay/outcome.ts';
import type { AlipayplusClient } from './client.ts';
import { stateByPaymentResult } from './payment-state.ts';
import { cancelRequest, inquiryRequest, payRequest, refundRequest } from './requests.ts';

/** Alipay+ as a terminal with these settings speaks it. */
export function alipayplusDialect(client: AlipayplusClient): Dialect {
  return {
    paths: {
      pay: `${client.pathPrefix}/v1/payments/pay`,
      inquiry: `${client.pathPrefix}/v1/payments/inquiryPayment`,
      cancel: `${client.pathPrefix}/v1/payments/cancelPayment`,
      refund: `${client.pathPrefix}/v1/payments/refund`,
    },
    payRequest: (order, code, at) => payRequest(client, order, code, at),
    inquiryRequest: (order) => inquiryRequest(client, order),
    cancelRequest: (order) => cancelRequest(client, order),
    refundRequest: (order, requestId, reason) => refundRequest(client, order, requestId, reason),
    payOutcome,
    queryOutcome: (reply, order, trust) => queryOutcome(reply, order, trust, stateByPaymentResult),
    cancelOutcome,
    refundOutcome,
  };
}
