import type { Dialect } from '../../shared/protocol/alipay/dialect.ts';
import type { ExpectedOrder, Trust } from '../../shared/protocol/alipay/outcome.ts';
import { parseAlipayReply, type AlipayReply } from '../../shared/protocol/alipay/reply.ts';
import { alipayplusClientSchema } from '../../shared/protocol/alipayplus/client.ts';
import { alipayplusDialect } from '../../shared/protocol/alipayplus/dialect.ts';
import { miniprogramClientSchema } from '../../shared/protocol/miniprogram/client.ts';
import { miniprogramDialect } from '../../shared/protocol/miniprogram/dialect.ts';

/** Both dialects as a terminal with the least settings has them, and how each judges a reply. */
export const DIALECTS: Readonly<Record<'alipayplus' | 'miniprogram', Dialect>> = {
  alipayplus: alipayplusDialect(alipayplusClientSchema.parse({ clientId: 'C1' })),
  miniprogram: miniprogramDialect(miniprogramClientSchema.parse({ clientId: 'C1' })),
};
export const PROTOCOLS = ['alipayplus', 'miniprogram'] as const;

export const ORDER: ExpectedOrder = {
  clientSn: 'R1',
  sn: '2019112719074101',
  amountMinor: 1234,
  currency: 'CNY',
};
export const REFUND_ID = 'RF1';
export const SIGNED: Trust = { authentic: true };
export const UNSIGNED: Trust = { authentic: false };

export function read(json: unknown): AlipayReply {
  const parsed = parseAlipayReply(JSON.stringify(json));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

export interface Kinds {
  readonly pay: string;
  readonly query: string;
  readonly cancel: string;
  readonly refund: string;
}

/** What a reply means as the answer to each call. */
export function kindsOf(dialect: Dialect, reply: AlipayReply, trust = SIGNED, order = ORDER): Kinds {
  return {
    pay: dialect.payOutcome(reply, order, trust).kind,
    query: dialect.queryOutcome(reply, order, trust).kind,
    cancel: dialect.cancelOutcome(reply, order, trust).kind,
    refund: dialect.refundOutcome(reply, order, REFUND_ID, trust).kind,
  };
}

export const NOTHING: Kinds = { pay: 'unknown', query: 'unknown', cancel: 'unknown', refund: 'unknown' };
