import { z } from 'zod';
import { isTimeZone } from './business-day.ts';
import { failure, type Failure } from './errors.ts';
import { CURRENCIES, type Currency } from './money.ts';
import { policySchema } from './order/policy.ts';
import { alipayplusClientSchema } from './protocol/alipayplus/client.ts';
import { miniprogramClientSchema } from './protocol/miniprogram/client.ts';
import { printable } from './printable.ts';
import { err, ok, type Result } from './result.ts';

/** Settings as merchant IT writes them (DESIGN section 7). Unknown members are errors: a typo must not pass. */

const apiDomain = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => /^https:/i.test(text) || isLoopback(text),
    'must be https; plain http is allowed only to a loopback address',
  )
  .refine((text) => /^https?:\/\/[^/?#@\\\s]+\/?$/i.test(text), 'must be scheme, host and port only')
  .transform((text) => text.replace(/\/$/, ''));

const currencies = Object.keys(CURRENCIES) as [Currency, ...Currency[]];

/** What is the same whatever the protocol. */
const common = {
  apiDomain,
  timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone').default('Asia/Shanghai'),
  currency: z.enum(currencies).default('CNY'),
  /** Where a host without a person at it collects; printed in the payer's wallet bill. */
  subject: printable(64).default('Counter sale'),
  /** Where the kiosk finds its updates; without it there are none. */
  updateUrl: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .max(512)
    .refine((text) => !/[?#@]/.test(text), 'must hold no user, query or fragment')
    .optional(),
  /** Windows lets this account replace the program without asking anybody; without it no update does there. */
  updateElevated: z.boolean().optional(),
  policy: policySchema.prefault({}),
};

const upaySettingsSchema = z.strictObject({
  protocol: z.literal('upay'),
  ...common,
  terminal: z
    .strictObject({
      /** Absent until the terminal is activated. */
      terminalSn: printable(32).optional(),
      deviceId: printable(32),
    })
    .readonly(),
  vendor: z
    .strictObject({ vendorSn: printable(32), appId: printable(64) })
    .readonly()
    .optional(),
});

const alipayplusSettingsSchema = z.strictObject({
  protocol: z.literal('alipayplus'),
  ...common,
  client: alipayplusClientSchema,
});

const miniprogramSettingsSchema = z.strictObject({
  protocol: z.literal('miniprogram'),
  ...common,
  client: miniprogramClientSchema,
});

export const settingsSchema = z.discriminatedUnion(
  'protocol',
  [upaySettingsSchema, alipayplusSettingsSchema, miniprogramSettingsSchema],
  {
    error: ({ input }) =>
      typeof input === 'object' && input !== null && !Array.isArray(input)
        ? 'must be "upay", "alipayplus" or "miniprogram"'
        : 'must be an object',
  },
);

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
export type UpaySettings = Extract<Settings, { protocol: 'upay' }>;
/** Settings of the protocols that sign with a key pair. */
export type ClientSettings = Exclude<Settings, UpaySettings>;

/** Reads settings from JSON; the failure names the first members that are wrong. */
export function parseSettings(json: unknown): Result<Settings, Failure> {
  const parsed = settingsSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  return err(failure('settings_invalid', describeIssues(parsed.error)));
}

/** The address of an acquirer by the rule of settings, without a closing slash. */
export function parseApiDomain(text: string): Result<string, Failure> {
  const parsed = apiDomain.safeParse(text);
  if (parsed.success) return ok(parsed.data);
  return err(failure('settings_invalid', `apiDomain: ${describeIssues(parsed.error)}`));
}

/** Names members and rules, never values: a key pasted into the wrong place must not be echoed. */
export function describeIssues(error: z.ZodError): string {
  const firstOfPath = new Map<string, string>();
  for (const issue of error.issues) {
    const name = issue.path.map(String).join('.');
    const rule = ruleOf(issue);
    if (!firstOfPath.has(name)) firstOfPath.set(name, name === '' ? rule : `${name}: ${rule}`);
  }
  return [...firstOfPath.values()].slice(0, 5).join('; ');
}

/** What a person could have meant to write; a key has digits, or is longer. */
const MEMBER_NAME = /^[A-Za-z_]{1,32}$/;

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.message.endsWith('received undefined')) return 'is missing';
  const isUnnamed = issue.code === 'unrecognized_keys' && !issue.keys.every((key) => MEMBER_NAME.test(key));
  return isUnnamed ? 'has a member that is not known' : issue.message;
}

function isLoopback(text: string): boolean {
  return /^http:\/\/(127(?:\.[0-9]{1,3}){3}|localhost|\[::1\])(:[0-9]{1,5})?\/?$/i.test(text);
}
