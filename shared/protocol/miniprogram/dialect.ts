import type { Dialect } from '../alipay/dialect.ts';
import { cancelOutcome, payOutcome, queryOutcome, refundOutcome } from '../alipay/outcome.ts';
import type { MiniprogramClient } from './client.ts';
import { stateByPaymentStatus } from './payment-state.ts';
import { cancelRequest, inquiryRequest, payRequest, refundRequest } from './requests.ts';

/** The pay path of each form, where the settings give none. */
const PAY_PATHS = { retail: '/v1/payments/retailPay', paymentCode: '/v1/payments/pay' } as const;

/** A mini-program wallet as a terminal with these settings speaks it. */
export function miniprogramDialect(client: MiniprogramClient): Dialect {
  const { pathPrefix, paths, payForm } = client;
  return {
    paths: {
      pay: pathPrefix + (paths.pay ?? PAY_PATHS[payForm]),
      inquiry: pathPrefix + paths.inquiryPayment,
      cancel: pathPrefix + paths.cancel,
      refund: pathPrefix + paths.refund,
    },
    payRequest: (order, code, at) => payRequest(client, order, code, at),
    inquiryRequest,
    cancelRequest: (order) => cancelRequest(order),
    refundRequest,
    payOutcome,
    queryOutcome: (reply, order, trust) => queryOutcome(reply, order, trust, stateByPaymentStatus),
    cancelOutcome,
    refundOutcome,
  };
}
