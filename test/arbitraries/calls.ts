import fc from 'fast-check';
import { CALL_NAMES } from '../../shared/call-names.ts';

/** What a page, a till program or whoever has got hold of a session may send instead of a call. */

const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'then'];

/** Texts that have broken parsers, columns, screens and logs elsewhere. */
export const wildText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    ...PROTOTYPES,
    '',
    '\0',
    '\u202e43.21',
    '１２３４５６７８９０１２３４５６',
    '١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦',
    '💳'.repeat(20),
    '\ud800',
    '-0',
    '1e3',
    '0x10',
    'NaN',
    "'; DROP TABLE journal; --",
    '%s%n',
    '../../etc/passwd',
    '{{7*7}}',
    '<script>alert(1)</script>',
  ),
  fc.integer({ min: 1000, max: 12_000 }).map((length) => '1'.repeat(length)),
);

const wildValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: wildText },
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e21, Number.MAX_SAFE_INTEGER, [], {}, [[[]]]),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Names of members that some call knows, and some that no object should have of its own. */
const member = fc.constantFrom(
  ...PROTOTYPES,
  'amount',
  'code',
  'clientSn',
  'saleId',
  'subject',
  'operator',
  'override',
  'reason',
  'charged',
  'kind',
  'query',
  'day',
  'limit',
  'fault',
  'times',
  'apiDomain',
  'protocol',
);

/** A call whose name is known but for a change of letters, with arguments that are anything. */
export const wildCall: fc.Arbitrary<{ readonly name: unknown; readonly args: unknown }> = fc.record({
  name: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...CALL_NAMES) },
    fc.constantFrom(...CALL_NAMES).map((name) => name.toUpperCase()),
    fc.constantFrom(...CALL_NAMES).map((name) => `${name}\0`),
    wildText,
    fc.constantFrom<unknown>(null, 7, [], {}, ['state.get']),
  ),
  args: fc.oneof(
    { weight: 3, arbitrary: fc.dictionary(member, wildValue, { maxKeys: 6, noNullPrototype: false }) },
    wildValue,
  ),
});

const cut = (most: number) => wildText.map((text) => text.slice(0, most));
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const byOrder = { clientSn: cut(64) };
const digits = (most: number) => fc.integer({ min: 0, max: most });

/** Calls whose arguments have every right form and mean nothing. None of them is a sale. */
export const idleCall: fc.Arbitrary<{ readonly name: string; readonly args: object }> = fc.oneof(
  // No amount ends in a letter.
  fc.record({
    name: fc.constant('sale.collect'),
    args: fc.record({
      amount: cut(31).map((text) => `${text}x`),
      code: cut(512),
      saleId: maybe(cut(256)),
      subject: maybe(cut(256)),
      override: maybe(fc.boolean()),
    }),
  }),
  fc.record({
    name: fc.constantFrom('order.giveUp', 'order.retry', 'order.reverse', 'order.show'),
    args: fc.record(byOrder),
  }),
  fc.record({
    name: fc.constantFrom('order.revoke', 'order.refund'),
    args: fc.record({ ...byOrder, reason: maybe(cut(256)) }),
  }),
  fc.record({
    name: fc.constant('order.settle'),
    args: fc.record({
      ...byOrder,
      charged: fc.constantFrom('yes', 'no'),
      reason: cut(256),
      person: maybe(cut(32)),
    }),
  }),
  fc.record({
    name: fc.constant('orders.search'),
    args: fc.record({
      text: maybe(cut(128)),
      businessDay: maybe(
        fc
          .tuple(digits(9999), digits(99), digits(99))
          .map(([year, month, day]) =>
            [
              String(year).padStart(4, '0'),
              String(month).padStart(2, '0'),
              String(day).padStart(2, '0'),
            ].join('-'),
          ),
      ),
      limit: maybe(fc.integer({ min: 1, max: 200 })),
    }),
  }),
  fc.record({
    name: fc.constant('counter.show'),
    args: fc.oneof(
      fc.record({ kind: fc.constant('amount'), amount: cut(32) }),
      fc.record({ kind: fc.constant('order'), clientSn: cut(64) }),
    ),
  }),
  fc.record({ name: fc.constant('practice.fault'), args: fc.record({ fault: cut(64) }) }),
);
