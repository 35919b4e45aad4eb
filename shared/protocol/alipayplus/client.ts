import { z } from 'zod';
import { printable } from '../../printable.ts';
import { clientMembers } from '../alipay/client.ts';

/**
 * The `client` block of the settings for Alipay+. With `acquirerId` and `pspId` every body names the two
 * parties, as AlipayHK and the Alipay+ page itself have it (alipayplus.md 0); such an acquirer's
 * `pathPrefix` is another one, for example `/aps/api/intl/wallet`.
 */
export const alipayplusClientSchema = z
  .strictObject({
    ...clientMembers({ pathPrefix: '/aps/api' }),
    acquirerId: printable(64).optional(),
    pspId: printable(64).optional(),
  })
  .refine(
    ({ acquirerId, pspId }) => (acquirerId === undefined) === (pspId === undefined),
    'must have both acquirerId and pspId, or neither',
  );

export type AlipayplusClient = Readonly<z.infer<typeof alipayplusClientSchema>>;
