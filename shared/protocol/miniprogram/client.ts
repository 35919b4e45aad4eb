import { z } from 'zod';
import { clientMembers, path } from '../alipay/client.ts';

/** How a wallet takes a scanned code: its retail call, or its general one with a payment factor. */
const PAY_FORMS = ['retail', 'paymentCode'] as const;

/**
 * The `client` block of the settings for a mini-program wallet. No public page gives v2 a call for scanned
 * codes (alipayplus.md 2.1), so form and path of pay are the wallet's; a `pay` path that is not given is
 * the usual one of the form.
 */
export const miniprogramClientSchema = z.strictObject({
  ...clientMembers({ pathPrefix: '' }),
  payForm: z.enum(PAY_FORMS).default('retail'),
  paths: z
    .strictObject({
      pay: path.optional(),
      inquiryPayment: path.default('/v2/payments/inquiryPayment'),
      cancel: path.default('/v2/payments/cancel'),
      refund: path.default('/v2/payments/refund'),
    })
    .readonly()
    .prefault({}),
});

export type MiniprogramClient = Readonly<z.infer<typeof miniprogramClientSchema>>;
