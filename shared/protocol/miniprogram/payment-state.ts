import { assertNever } from '../../assert.ts';
import { PAYMENT_STATUSES, RESULT_CODES } from '../alipay/codes.ts';
import type { PaymentState } from '../alipay/outcome.ts';
import type { AlipayReply } from '../alipay/reply.ts';
import { lookUp } from '../look-up.ts';

/** The state that an inquiry gives as a `paymentStatus`, the form of a mini-program (alipayplus.md 2.2). */
export function stateByPaymentStatus({ paymentStatus, paymentResultCode: code }: AlipayReply): PaymentState {
  const state = stateOf(paymentStatus);
  if (code === undefined || paymentStatus === 'CANCELLED') return state;
  switch (state) {
    case 'charged':
      return code === 'SUCCESS' ? state : openState(code);
    case 'not_charged':
      return lookUp(RESULT_CODES, code)?.payment ?? state;
    case 'pending':
    case 'not_found':
    case 'unknown':
      return state;
    default:
      return assertNever(state);
  }
}

/** What is left of a state that its own code contradicts. */
function openState(code: string): PaymentState {
  return lookUp(RESULT_CODES, code)?.payment === 'pending' ? 'pending' : 'unknown';
}

function stateOf(status: string | undefined): PaymentState {
  const listed = lookUp(PAYMENT_STATUSES, status);
  if (listed !== undefined) return listed;
  // Wallets differ in how many states an authorisation has; none of them is a payment.
  return status?.startsWith('AUTH_') === true ? 'pending' : 'unknown';
}
