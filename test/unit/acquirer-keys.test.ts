import { describe, expect, it, onTestFinished } from 'vitest';
import { INTERRUPTED, TIMED_OUT } from '../../main/acquirer/acquirer.ts';
import { ServerClock } from '../../main/acquirer/server-clock.ts';
import { createPool } from '../../main/acquirer/transport.ts';
import { UpayAcquirer, type CheckinReport } from '../../main/acquirer/upay-acquirer.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import type { Order } from '../../shared/order/order.ts';
import { confirming } from '../fixtures/orders.ts';
import {
  checkinReply,
  FakeKeys,
  fakeUpay,
  illegalSign,
  paidReply,
  type Respond,
} from '../support/fake-upay.ts';
import { NOON } from '../support/fake-ledger.ts';

const TODAY = '2026-11-20';
const ORDER: Order = confirming();
const CODE = '286604123456789012';
/** Nothing here takes long; a signal that never fires. */
const patience = (): AbortSignal => AbortSignal.timeout(15_000);

/** A check-in gives `fresh`; trades are accepted with `accepted` only. */
const gatewayAccepting =
  (accepted: string): Respond =>
  ({ call, key }) => {
    if (call === 'checkin') return checkinReply('fresh');
    return key === accepted ? paidReply : illegalSign;
  };

async function client(keys: FakeKeys, respond: Respond, checkinTimeoutMs = 5000) {
  const upay = await fakeUpay(respond);
  const dispatcher = createPool({
    origin: upay.url,
    connections: 4,
    connectTimeoutMs: 5000,
    replyTimeoutMs: 15_000,
  });
  onTestFinished(() => dispatcher.destroy());
  const serverClock = new ServerClock();
  const reports: CheckinReport[] = [];
  let nowMs = NOON;
  upay.date = new Date(NOON).toUTCString();
  const acquirer = new UpayAcquirer({
    dispatcher,
    keys,
    serverClock,
    clock: { nowMs: () => nowMs },
    timers: systemTimers,
    timeZone: 'Asia/Shanghai',
    checkinTimeoutMs,
    osInfo: 'test',
    sdkVersion: 'redress/test',
    onCheckin: (report) => reports.push(report),
  });
  return {
    upay,
    acquirer,
    serverClock,
    reports,
    passes: (ms: number) => {
      nowMs += ms;
      upay.date = new Date(nowMs).toUTCString();
    },
  };
}

describe('A request', () => {
  it('is signed over the very bytes that are sent, with the key there is when it is sent', async () => {
    const keys = new FakeKeys('stale', null, TODAY);
    const { upay, acquirer } = await client(keys, () => paidReply);
    expect(await acquirer.pay(ORDER, CODE, patience())).toMatchObject({ kind: 'approved' });
    keys.rotate('newest', TODAY);
    await acquirer.query(ORDER, patience());
    expect(upay.story()).toEqual(['pay(stale)', 'query(newest)']);
    expect(upay.requests[0]?.body).toMatchObject({
      dynamic_id: CODE,
      client_sn: ORDER.clientSn,
      total_amount: '1234',
    });
  });

  it('keeps the payment code out of what is remembered of its answer', async () => {
    const { acquirer } = await client(new FakeKeys('stale', null, TODAY), () => ({
      result_code: '400',
      error_code: `BAD_${CODE}`,
      error_message: `dynamic_id ${CODE} is not valid, really ${CODE}`,
    }));
    const outcome = await acquirer.pay(ORDER, CODE, patience());
    expect(JSON.stringify(outcome)).not.toContain(CODE);
    expect(outcome.evidence.message).toContain('[code]');
  });
});

describe('An acquirer that names an order by the payment code', () => {
  it('is not followed in that: the code is remembered nowhere, and the order keeps our own name', async () => {
    const { acquirer } = await client(new FakeKeys('stale', null, TODAY), () => ({
      result_code: '200',
      biz_response: {
        result_code: 'PAY_IN_PROGRESS',
        data: { sn: CODE, client_sn: ORDER.clientSn, order_status: 'CREATED' },
      },
    }));
    const outcome = await acquirer.pay(ORDER, CODE, patience());
    expect(outcome.kind).toBe('pending');
    expect(JSON.stringify(outcome)).not.toContain(CODE);
  });
});

describe('A refused signature', () => {
  it('is repaired by the other key alone where that is the right one', async () => {
    const { upay, acquirer } = await client(new FakeKeys('stale', 'older', TODAY), gatewayAccepting('older'));
    expect(await acquirer.pay(ORDER, CODE, patience())).toMatchObject({ kind: 'approved' });
    expect(upay.story()).toEqual(['pay(stale)', 'pay(older)']);
  });

  it('is repaired by one check-in where neither key is right', async () => {
    const keys = new FakeKeys('stale', 'older', TODAY);
    const { upay, acquirer, reports } = await client(keys, gatewayAccepting('fresh'));
    expect(await acquirer.pay(ORDER, CODE, patience())).toMatchObject({ kind: 'approved' });
    expect(upay.story()).toEqual(['pay(stale)', 'pay(older)', 'checkin(stale)', 'pay(fresh)']);
    expect(keys.previous()).toBe('stale');
    expect(reports).toEqual([{ ok: true, businessDay: TODAY, isStored: true }]);
  });

  it('is repaired by one check-in where there is no other key', async () => {
    const { upay, acquirer } = await client(new FakeKeys('stale', null, TODAY), gatewayAccepting('fresh'));
    expect(await acquirer.cancel(ORDER, patience())).not.toMatchObject({ kind: 'config' });
    expect(upay.story()).toEqual(['cancel(stale)', 'checkin(stale)', 'cancel(fresh)']);
  });

  it('that no key repairs ends as a fault of the configuration after a bounded number of requests', async () => {
    const { upay, acquirer } = await client(new FakeKeys('stale', 'older', TODAY), gatewayAccepting('none'));
    expect(await acquirer.query(ORDER, patience())).toMatchObject({ kind: 'config' });
    expect(upay.story()).toEqual(['query(stale)', 'query(older)', 'checkin(stale)', 'query(fresh)']);
  });

  it('also of the check-in ends there, with both keys tried once', async () => {
    const keys = new FakeKeys('stale', 'older', TODAY);
    const { upay, acquirer, reports } = await client(keys, () => illegalSign);
    expect(await acquirer.query(ORDER, patience())).toMatchObject({ kind: 'config' });
    expect(upay.story()).toEqual(['query(stale)', 'query(older)', 'checkin(stale)', 'checkin(older)']);
    expect(reports).toEqual([{ ok: false, code: '400/ILLEGAL_SIGN' }]);
    expect(keys.current()).toBe('stale');
  });

  it('of two calls at once is repaired by one check-in', async () => {
    const { upay, acquirer } = await client(new FakeKeys('stale', null, TODAY), gatewayAccepting('fresh'));
    await Promise.all([acquirer.query(ORDER, patience()), acquirer.cancel(ORDER, patience())]);
    expect(upay.story().filter((request) => request.startsWith('checkin'))).toHaveLength(1);
  });
});

describe('The check-in of the day', () => {
  it('comes before the first trade, once, and its key signs that trade', async () => {
    const keys = new FakeKeys('stale', null, '2026-11-19');
    const { upay, acquirer } = await client(keys, gatewayAccepting('fresh'));
    await acquirer.pay(ORDER, CODE, patience());
    await acquirer.query(ORDER, patience());
    expect(upay.story()).toEqual(['checkin(stale)', 'pay(fresh)', 'query(fresh)']);
    expect(keys.checkedInDay()).toBe(TODAY);
  });

  it('is one for any number of calls that start at once', async () => {
    const { upay, acquirer } = await client(new FakeKeys('stale', null, null), gatewayAccepting('fresh'));
    await Promise.all([1, 2, 3].map(() => acquirer.query(ORDER, patience())));
    expect(upay.story()).toEqual(['checkin(stale)', 'query(fresh)', 'query(fresh)', 'query(fresh)']);
  });

  it('comes again the next day', async () => {
    const { upay, acquirer, passes } = await client(new FakeKeys('stale', null, TODAY), () => paidReply);
    await acquirer.query(ORDER, patience());
    passes(24 * 3_600_000);
    await acquirer.query(ORDER, patience());
    expect(upay.story().filter((request) => request.startsWith('checkin'))).toHaveLength(1);
  });

  it('that fails lets trades go on, and is not tried again for a minute', async () => {
    const keys = new FakeKeys('stale', null, null);
    const { upay, acquirer, passes, reports } = await client(keys, ({ call }) =>
      call === 'checkin' ? { result_code: '500', error_code: 'UNKNOWN_SYSTEM_ERROR' } : paidReply,
    );
    expect(await acquirer.pay(ORDER, CODE, patience())).toMatchObject({ kind: 'approved' });
    passes(59_999);
    await acquirer.query(ORDER, patience());
    expect(upay.story()).toEqual(['checkin(stale)', 'pay(stale)', 'query(stale)']);
    passes(1);
    await acquirer.query(ORDER, patience());
    expect(upay.story().slice(3)).toEqual(['checkin(stale)', 'query(stale)']);
    expect(reports.map((report) => report.ok)).toEqual([false, false]);
  });

  it('that gets no answer is cut at its own bound, and the trade goes on', async () => {
    const keys = new FakeKeys('stale', null, null);
    const { upay, acquirer, reports } = await client(
      keys,
      ({ call }) => (call === 'checkin' ? 'silence' : paidReply),
      150,
    );
    expect(await acquirer.pay(ORDER, CODE, patience())).toMatchObject({ kind: 'approved' });
    expect(upay.story()).toEqual(['checkin(stale)', 'pay(stale)']);
    expect(reports).toEqual([{ ok: false, code: TIMED_OUT }]);
  });

  it.each([TIMED_OUT, INTERRUPTED])('never keeps a call from being cut: %s', async (reason) => {
    const { upay, acquirer } = await client(new FakeKeys('stale', null, null), () => 'silence', 14_000);
    const cut = new AbortController();
    const answered = acquirer.pay(ORDER, CODE, cut.signal);
    await expect.poll(() => upay.story(), { timeout: 5000 }).toEqual(['checkin(stale)']);
    const startedMs = performance.now();
    cut.abort(reason);
    expect(await answered).toMatchObject({ kind: 'unknown', evidence: { code: reason } });
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(upay.story()).toEqual(['checkin(stale)']);
  });

  it('whose key cannot be stored uses it from memory, and asks for no other until it is stored', async () => {
    const keys = new FakeKeys('stale', null, null);
    keys.refuses = true;
    const { upay, acquirer, reports } = await client(keys, gatewayAccepting('fresh'));
    await acquirer.pay(ORDER, CODE, patience());
    expect(reports).toEqual([{ ok: true, businessDay: TODAY, isStored: false }]);
    await acquirer.checkin();
    expect(reports.at(-1)).toEqual({ ok: false, code: 'local/key_not_stored' });
    expect(upay.story()).toEqual(['checkin(stale)', 'pay(fresh)']);
    keys.refuses = false;
    await acquirer.query(ORDER, patience());
    expect(keys.isStored()).toBe(true);
  });

  it('for another terminal is not believed', async () => {
    const keys = new FakeKeys('stale', null, null);
    const { acquirer, reports } = await client(keys, ({ call }) =>
      call === 'checkin' ? checkinReply('fresh', '999') : paidReply,
    );
    await acquirer.query(ORDER, patience());
    expect(keys.rotations).toEqual([]);
    expect(reports).toMatchObject([{ ok: false }]);
  });

  it('reports no key, neither old nor new', async () => {
    const { acquirer, reports } = await client(
      new FakeKeys('stale', 'older', null),
      gatewayAccepting('fresh'),
    );
    await acquirer.query(ORDER, patience());
    expect(JSON.stringify(reports)).not.toMatch(/stale|older|fresh/);
  });
});

describe("The acquirer's clock", () => {
  it('is learnt from the replies', async () => {
    const { upay, acquirer, serverClock } = await client(new FakeKeys('stale', null, TODAY), () => paidReply);
    upay.date = new Date(NOON + 3_600_000).toUTCString();
    await acquirer.query(ORDER, patience());
    expect(serverClock.offsetMs).toBe(3_600_500);
  });

  it('decides which day the check-in is for', async () => {
    const keys = new FakeKeys('stale', null, null);
    const { upay, acquirer } = await client(keys, gatewayAccepting('fresh'));
    upay.date = new Date(NOON + 13 * 3_600_000).toUTCString();
    await acquirer.query(ORDER, patience());
    expect(keys.checkedInDay()).toBe('2026-11-21');
  });

  it('is not learnt from a page that is no reply', async () => {
    const { upay, acquirer, serverClock } = await client(new FakeKeys('stale', null, TODAY), () => [
      'a captive portal',
    ]);
    upay.date = new Date(NOON + 3_600_000).toUTCString();
    await acquirer.query(ORDER, patience());
    expect(serverClock.offsetMs).toBeNull();
  });

  it.each([
    ['a second and a half ahead', NOON + 1000, 0],
    ['two seconds and a half behind', NOON - 3000, -2500],
    ['two and a half ahead', NOON + 2000, 2500],
  ])('%s counts from two seconds on', (_name, serverMs, offsetMs) => {
    const clock = new ServerClock();
    clock.learn(new Date(serverMs).toUTCString(), NOON);
    expect(clock.offsetMs).toBe(offsetMs);
  });

  it('is unknown until a reply has told, and again once our own clock was set', () => {
    const clock = new ServerClock();
    expect(clock.offsetMs).toBeNull();
    clock.learn(new Date(NOON + 3_600_000).toUTCString(), NOON);
    clock.forget();
    expect(clock.offsetMs).toBeNull();
  });

  it.each([undefined, '', 'yesterday', 'NaN'])('is kept when a reply says %s', (date) => {
    const clock = new ServerClock();
    clock.learn(new Date(NOON + 60_000).toUTCString(), NOON);
    clock.learn(date, NOON);
    expect(clock.offsetMs).toBe(60_500);
  });
});
