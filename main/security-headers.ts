/** Where the page of a host may connect to: the browser host's own origin, or nowhere at all. */
export type ConnectSource = "'self'" | "'none'";

/**
 * The headers of every response, refusals included. Hashed assets alone may relax `Cache-Control`.
 *
 * A script runs only when the host served it as a file, a style likewise, and no sink takes a string as
 * code, so that text from an acquirer or a scanner can never become behaviour.
 */
export function securityHeaders(connect: ConnectSource): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(connect),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

function contentSecurityPolicy(connect: ConnectSource): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
