import fc from 'fast-check';
import { MAX_AMOUNT_MINOR } from '../../shared/money.ts';

/** Values as a terminal holds them before it builds a request. */

export const clientSn = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);
export const terminalSn = fc.stringMatching(/^[0-9]{1,32}$/);
export const acquirerSn = fc.stringMatching(/^[0-9]{1,16}$/);
export const amountMinor = fc.integer({ min: 1, max: MAX_AMOUNT_MINOR });
export const shortText = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 32 });
export const subject = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 });
export const dynamicId = fc.stringMatching(/^[0-9]{16,32}$/);

/** What an order may be called: our name always, the acquirer's if it said a usable or a strange one. */
export const orderName = fc.record({
  clientSn,
  sn: fc.oneof(
    fc.constant(null),
    acquirerSn,
    fc.string({ maxLength: 300 }),
    fc.constantFrom('', 'null', '78922594882929381', '7892259488292938 ', '-1', '1e3', '７８９'),
  ),
});

/** Any JSON value where a member was promised. */
export const junk = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1e21, true, false, [], {}, [[]]),
  fc.jsonValue(),
);
