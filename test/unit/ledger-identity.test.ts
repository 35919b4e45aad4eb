import { describe, expect, test } from 'vitest';
import { collect, must, newLedger, NOON, openLedger } from '../support/fake-ledger.ts';

/** Whose money a ledger is about is its own to say. */

const OWN = { protocol: 'upay', apiDomain: 'https://acquirer.example', terminalSn: 'T1' };
const REFUSED = { ok: false, error: { code: 'identity_changed' } };

describe('a ledger', () => {
  test('is bound at its first opening for business, says so in the journal, and commits nothing again', () => {
    const { ledger, file } = newLedger();
    must(ledger.bind(OWN, NOON));
    must(ledger.bind(OWN, NOON + 1));
    expect(
      [...ledger.journal()].map(({ event, body }) => ({ event, body: JSON.parse(body) as unknown })),
    ).toEqual([{ event: 'identity_bound', body: OWN }]);
    const reopened = openLedger(file);
    expect(reopened.mayBind(OWN)).toMatchObject({ ok: true });
    expect(reopened.verify().problems).toEqual([]);
  });

  test('that owes nothing may change hands', () => {
    const { ledger } = newLedger();
    must(ledger.bind(OWN, NOON));
    const other = { protocol: 'alipayplus', apiDomain: 'https://other.example', terminalSn: 'T2' };
    must(ledger.bind(other, NOON));
    expect(ledger.mayBind(other)).toMatchObject({ ok: true });
  });

  test.each([
    ['another acquirer', { ...OWN, apiDomain: 'https://other.example' }],
    ['another protocol', { ...OWN, protocol: 'miniprogram' }],
    ['another terminal', { ...OWN, terminalSn: 'T2' }],
    ['a terminal that is still to be activated', { ...OWN, terminalSn: null }],
  ] as const)('that owes a call refuses %s, and names its own', (_, other) => {
    const { ledger } = newLedger();
    must(ledger.bind(OWN, NOON));
    must(collect(ledger, { clientSn: 'one' }));
    const refused = ledger.mayBind(other);
    expect(refused).toMatchObject(REFUSED);
    expect(JSON.stringify(refused)).toContain('T1 at https://acquirer.example');
    expect(ledger.mayBind(OWN)).toMatchObject({ ok: true });
  });

  test('of before identities were kept goes by the terminal that its orders name', () => {
    const { ledger } = newLedger();
    const { order } = must(collect(ledger, { clientSn: 'one' }));
    const { terminalSn } = order;
    expect(ledger.mayBind({ ...OWN, terminalSn: 'somebody else' })).toMatchObject(REFUSED);
    // A client that is called like the terminal is asked of an acquirer that never saw the order.
    expect(ledger.mayBind({ ...OWN, protocol: 'alipayplus', terminalSn })).toMatchObject(REFUSED);
    expect(ledger.mayBind({ ...OWN, terminalSn })).toMatchObject({ ok: true });
    must(ledger.bind({ ...OWN, terminalSn }, NOON));
    expect(ledger.bind({ ...OWN, apiDomain: 'https://other.example', terminalSn }, NOON)).toMatchObject(
      REFUSED,
    );
  });
});
