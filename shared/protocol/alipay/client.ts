import { z } from 'zod';
import { printable } from '../../printable.ts';
import { REQUEST_TIME_FORMATS } from './request-time.ts';

/**
 * What the settings of both RSA protocols have in common. Each protocol's own `client.ts` makes its strict
 * `client` block of these; whatever a wallet words differently is a setting and never in the code.
 */

/** It travels in a header and is signed as its bytes, so it is plain ASCII. */
const clientId = z
  .string()
  .max(64)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks');

const PATH_TEXT = /^(?:\/[A-Za-z0-9._~-]+)*$/;
const PATH_RULE = 'must be made of segments such as /aps/api, without a closing slash';
/** A path is signed as it is written, so nothing may stand in it that anybody on the way would rewrite. */
const isPath = (text: string): boolean => PATH_TEXT.test(text) && !/(?:\.\.|\/\.(?:\/|$))/.test(text);

const pathPrefix = z.string().max(128).refine(isPath, PATH_RULE);
export const path = pathPrefix.min(1);

export const clientMembers = (defaults: { readonly pathPrefix: string }) => ({
  /** Assigned by the acquirer and bound to the key pair. */
  clientId,
  keyVersion: z
    .string()
    .regex(/^[0-9]{1,8}$/, 'must be a number of at most eight digits, as text')
    .default('1'),
  requestTime: z.enum(REQUEST_TIME_FORMATS).default('iso-offset'),
  pathPrefix: pathPrefix.default(defaults.pathPrefix),
  /** Who sells, as registered with the acquirer; left out of requests where it is not given. */
  merchant: z
    .strictObject({
      referenceMerchantId: printable(64).optional(),
      merchantName: printable(256).optional(),
      merchantMCC: printable(32).optional(),
    })
    .readonly()
    .optional(),
  store: z
    .strictObject({
      referenceStoreId: printable(64).optional(),
      storeName: printable(256).optional(),
      storeMCC: printable(32).optional(),
      storeTerminalId: printable(64).optional(),
    })
    .readonly()
    .optional(),
});

const shopShape = z.object(clientMembers({ pathPrefix: '' })).pick({ merchant: true, store: true });
/** The shop as an order names it. */
export type Shop = Readonly<z.infer<typeof shopShape>>;
