import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZodError } from 'zod';
import {
  activateRequest,
  cancelRequest,
  checkinRequest,
  payRequest,
  queryRequest,
  refundRequest,
  revokeRequest,
  UPAY_PATHS,
} from '../../shared/protocol/upay/requests.ts';
import {
  acquirerSn,
  amountMinor,
  clientSn,
  dynamicId,
  orderName,
  shortText,
  subject,
  terminalSn,
} from '../arbitraries/wire.ts';
import { UPAY_PARAMETERS } from '../fixtures/upay-parameters.ts';

const REQUEST_ROWS = UPAY_PARAMETERS.filter(({ direction }) => direction === 'request');

/** The least length that any seed promises for a member. */
function narrowest(name: string): number {
  return Math.min(...REQUEST_ROWS.filter((row) => row.name === name).map((row) => row.maxLength ?? Infinity));
}

/** What a body breaks of the tables; an empty list is a body that every document allows. */
function broken(body: Readonly<Record<string, unknown>>): readonly string[] {
  const names = new Set(REQUEST_ROWS.map(({ name }) => name));
  const faults = Object.entries(body).flatMap(([name, value]) => {
    if (!names.has(name)) return [`${name} is in no table`];
    if (typeof value !== 'string') return [`${name} is no string`];
    if (value === '') return [`${name} is empty`];
    return value.length > narrowest(name) ? [`${name} is too long`] : [];
  });
  const required = new Set(REQUEST_ROWS.filter((row) => row.required).map(({ name }) => name));
  const missing = [...required].filter((name) => !(name in body));
  const ids = ['sn', 'client_sn'].filter((name) => name in body).length;
  return [...faults, ...missing.map((name) => `${name} is missing`), ...(ids === 1 ? [] : [`${ids} ids`])];
}

describe('requests by the tables of the seeds', () => {
  test('the tables differ where the documents differ, and the narrower length is the one to send', () => {
    expect(narrowest('client_sn')).toBe(32);
    expect(narrowest('sn')).toBe(16);
    expect(narrowest('terminal_sn')).toBe(32);
    expect(
      new Set(REQUEST_ROWS.filter(({ name }) => name === 'client_sn').map((row) => row.maxLength)),
    ).toEqual(new Set([32, 64]));
  });

  test('a body outside the tables would be noticed', () => {
    expect(broken({ terminal_sn: '1', client_sn: 'a' })).toEqual([]);
    expect(broken({ terminal_sn: '1', client_sn: 'a', sn: '1' })).toEqual(['2 ids']);
    expect(broken({ terminal_sn: '1' })).toEqual(['0 ids']);
    expect(broken({ client_sn: 'a' })).toEqual(['terminal_sn is missing']);
    expect(broken({ terminal_sn: '1', client_sn: 'a'.repeat(33) })).toEqual(['client_sn is too long']);
    expect(broken({ terminal_sn: '1', client_sn: 'a', operator: 'x' })).toEqual(['operator is in no table']);
  });

  test.each([
    ['cancel', cancelRequest],
    ['revoke', revokeRequest],
    ['query', queryRequest],
  ])('%s keeps to every table for every valid order', (_name, build) => {
    fc.assert(
      fc.property(terminalSn, orderName, (terminal, order) => {
        expect(broken(build(terminal, order))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test.each(REQUEST_ROWS.filter(({ name }) => name !== 'terminal_sn'))(
    'the example $name of seed $seed can be sent',
    ({ name, example }) => {
      const order = name === 'sn' ? { clientSn: 'R1', sn: example } : { clientSn: example, sn: null };
      expect(cancelRequest('00101010029201012912', order)).toEqual({
        terminal_sn: '00101010029201012912',
        [name]: example,
      });
    },
  );
});

describe('the id of an order on the wire', () => {
  test("is the acquirer's own as soon as it is known", () => {
    expect(cancelRequest('1', { clientSn: 'R1', sn: '7892259488292938' })).toEqual({
      terminal_sn: '1',
      sn: '7892259488292938',
    });
  });

  test('is ours until then', () => {
    expect(cancelRequest('1', { clientSn: 'R1', sn: null })).toEqual({ terminal_sn: '1', client_sn: 'R1' });
  });

  test.each(['', ' 789', '789x', '78922594882929381', '７８９', '789\n'])(
    'is ours when the acquirer gave %o, which is no number of its documents',
    (sn) => {
      expect(cancelRequest('1', { clientSn: 'R1', sn })).toEqual({ terminal_sn: '1', client_sn: 'R1' });
    },
  );

  test.each(['', 'x'.repeat(33), 'a b', 'a/b', 'ä', 'a\n'])('is never the invalid name %o', (invalid) => {
    expect(() => cancelRequest('1', { clientSn: invalid, sn: null })).toThrow(ZodError);
  });
});

describe('the other requests', () => {
  test('pay carries fen as digits and no member of its own invention', () => {
    fc.assert(
      fc.property(
        fc.record({ terminalSn, clientSn, amountMinor, dynamicId, subject, operator: shortText }),
        (input) => {
          const body = payRequest(input);
          expect(body).toEqual({
            terminal_sn: input.terminalSn,
            client_sn: input.clientSn,
            total_amount: String(input.amountMinor),
            dynamic_id: input.dynamicId,
            subject: input.subject,
            operator: input.operator,
          });
          expect(body.total_amount).toMatch(/^[1-9][0-9]{0,9}$/);
        },
      ),
    );
  });

  const PAY = {
    terminalSn: '1',
    clientSn: 'R1',
    amountMinor: 1234,
    dynamicId: '130818341921441147',
    subject: 'Tea',
    operator: 'Ada',
  };
  test.each([
    ['a fraction of a fen', { amountMinor: 12.5 }],
    ['a negative amount', { amountMinor: -1 }],
    ['more than ten digits', { amountMinor: 10_000_000_000 }],
    ['no number', { amountMinor: Number.NaN }],
    ['a long name', { clientSn: 'x'.repeat(33) }],
    ['a long code', { dynamicId: '1'.repeat(33) }],
    ['no code', { dynamicId: '' }],
    ['a long subject', { subject: 'x'.repeat(65) }],
    ['a long operator', { operator: 'x'.repeat(33) }],
    ['no operator', { operator: '' }],
    ['a long terminal', { terminalSn: '1'.repeat(33) }],
  ])('pay is never built with %s', (_name, change) => {
    expect(() => payRequest({ ...PAY, ...change })).toThrow(ZodError);
  });

  test('refund keeps its request number and names the order once', () => {
    fc.assert(
      fc.property(terminalSn, orderName, amountMinor, (terminal, order, minor) => {
        const body = refundRequest(terminal, order, {
          requestNo: 'RF1',
          amountMinor: minor,
          operator: 'Ada',
        });
        expect(Object.keys(body).filter((name) => name === 'sn' || name === 'client_sn')).toHaveLength(1);
        expect(body).toMatchObject({
          terminal_sn: terminal,
          refund_request_no: 'RF1',
          refund_amount: String(minor),
          operator: 'Ada',
        });
      }),
    );
    const order = { clientSn: 'R1', sn: null };
    expect(() =>
      refundRequest('1', order, { requestNo: 'x'.repeat(21), amountMinor: 1, operator: 'A' }),
    ).toThrow(ZodError);
  });

  test('check-in and activation send only what they have', () => {
    expect(checkinRequest({ terminalSn: '1', deviceId: 'd' })).toEqual({ terminal_sn: '1', device_id: 'd' });
    expect(checkinRequest({ terminalSn: '1', deviceId: 'd', osInfo: 'Linux', sdkVersion: '0.1' })).toEqual({
      terminal_sn: '1',
      device_id: 'd',
      os_info: 'Linux',
      sdk_version: '0.1',
    });
    expect(activateRequest({ appId: 'a', code: 'c', deviceId: 'd' })).toEqual({
      app_id: 'a',
      code: 'c',
      device_id: 'd',
    });
    expect(
      activateRequest({
        appId: 'a',
        code: 'c',
        deviceId: 'd',
        name: '1号款台',
        osInfo: 'Linux',
        sdkVersion: '0.1',
      }),
    ).toEqual({
      app_id: 'a',
      code: 'c',
      device_id: 'd',
      name: '1号款台',
      os_info: 'Linux',
      sdk_version: '0.1',
    });
    expect(() => activateRequest({ appId: 'a', code: '', deviceId: 'd' })).toThrow(ZodError);
    expect(() => checkinRequest({ terminalSn: '1', deviceId: 'd'.repeat(33) })).toThrow(ZodError);
  });

  test('go to the documented paths', () => {
    expect(UPAY_PATHS).toEqual({
      activate: '/terminal/activate',
      checkin: '/terminal/checkin',
      pay: '/upay/v2/pay',
      query: '/upay/v2/query',
      cancel: '/upay/v2/cancel',
      revoke: '/upay/v2/revoke',
      refund: '/upay/v2/refund',
    });
  });

  test('an order that has an sn is named by it alone in every call', () => {
    fc.assert(
      fc.property(terminalSn, clientSn, acquirerSn, (terminal, own, sn) => {
        const bodies = [cancelRequest, revokeRequest, queryRequest].map((build) =>
          build(terminal, { clientSn: own, sn }),
        );
        for (const body of bodies) expect(body).toEqual({ terminal_sn: terminal, sn });
      }),
    );
  });
});
