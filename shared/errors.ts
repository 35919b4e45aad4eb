/** Exit codes of the command line; others script against them (DESIGN section 7). */
export const EXIT = {
  done: 0,
  notCharged: 10,
  stillOwed: 20,
  attention: 30,
  usage: 64,
  refused: 69,
  bug: 70,
  inUse: 75,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface ErrorText {
  readonly exit: ExitCode;
  /** What happened and what to do next, in one or two sentences. */
  readonly message: string;
}

/**
 * Every error a person or a script can meet, grouped by cause. The code is the contract; the message
 * says what happened and what to do next.
 */
export const ERRORS = {
  // The amount as typed.
  amount_missing: { exit: EXIT.usage, message: 'No amount was given. Enter one such as 12.34.' },
  amount_malformed: {
    exit: EXIT.usage,
    message:
      'The amount is not a plain number with at most the decimals of the currency. Enter one such as 12.34.',
  },
  amount_not_positive: { exit: EXIT.usage, message: 'The amount must be greater than zero.' },
  amount_too_large: {
    exit: EXIT.usage,
    message: 'The amount is larger than a wallet payment may be. Split it or use a bank transfer.',
  },
  // The payment code as scanned.
  code_missing: { exit: EXIT.usage, message: "No payment code was given. Scan the customer's wallet code." },
  code_malformed: {
    exit: EXIT.usage,
    message: 'The payment code has characters or a length that no wallet code has. Scan it again.',
  },
  code_scanned_twice: {
    exit: EXIT.usage,
    message: 'This payment code was used a moment ago. Look at the last order before you ask for a new code.',
  },
  // The sale.
  sale_id_malformed: { exit: EXIT.usage, message: 'A sale reference has at most 64 printable characters.' },
  sale_undecided: {
    exit: EXIT.usage,
    message:
      'An earlier order of this sale is not decided yet, so the customer may already be charged. Wait for it, or override deliberately.',
  },
  sale_already_paid: {
    exit: EXIT.usage,
    message:
      'This sale is paid already by another order. Compare its amount, then hand over what was paid for; to sell more, use another sale reference.',
  },
  // Commands on an order.
  order_unknown: { exit: EXIT.usage, message: 'No such order on this terminal. Check the number.' },
  already_revoked: { exit: EXIT.usage, message: 'The money of this order is back already.' },
  being_revoked: {
    exit: EXIT.usage,
    message: 'The money of this order is on its way back. Wait for the proof.',
  },
  not_paid: { exit: EXIT.usage, message: 'Only a paid order can be revoked or refunded.' },
  undecided: {
    exit: EXIT.usage,
    message: 'This order is not decided yet. The terminal is already settling it.',
  },
  revoke_window_closed: {
    exit: EXIT.usage,
    message: 'An order can be revoked only on the day it was paid. Refund it instead.',
  },
  cancel_possible: {
    exit: EXIT.usage,
    message:
      'The acquirer still takes this order back without a fee, so it needs no refund. Revoke it, or have the cancel sent again.',
  },
  needs_person: {
    exit: EXIT.usage,
    message: 'This order waits for the shift lead. Settle it with its evidence before anything else is done.',
  },
  nothing_owed: { exit: EXIT.usage, message: 'Nothing is owed for this order, so there is nothing to try.' },
  not_in_doubt: {
    exit: EXIT.usage,
    message: 'This order is no longer being collected, so it cannot be given up.',
  },
  not_in_attention: { exit: EXIT.usage, message: 'This order does not need a person.' },
  too_many_undecided: {
    exit: EXIT.refused,
    message: 'Too many orders are undecided. Let the terminal settle them before collecting more.',
  },
  // Usage and settings.
  usage: { exit: EXIT.usage, message: 'The command was not understood. See --help.' },
  arguments_invalid: { exit: EXIT.usage, message: 'The call has missing, unknown or malformed arguments.' },
  settings_unreadable: { exit: EXIT.usage, message: 'The settings file cannot be read as JSON.' },
  settings_invalid: { exit: EXIT.usage, message: 'The settings are not valid.' },
  identity_changed: {
    exit: EXIT.usage,
    message:
      'This data directory still owes calls, or waits for a person, under another acquirer or terminal number. Give it the settings of that one again, let `redress work --until-idle` finish and settle what needs a person; or use another --data directory.',
  },
  key_file_invalid: {
    exit: EXIT.usage,
    message:
      'The key file must be JSON such as { "terminalKey": "…" }, or { "vendorKey": "…" } to activate, or { "privateKey": "…", "publicKey": "…" } for a protocol that signs with a key pair, and nothing else.',
  },
  not_configured: {
    exit: EXIT.refused,
    message: 'This terminal has no settings. Set it up on its screen, or run `redress init --config FILE`.',
  },
  not_activated: {
    exit: EXIT.refused,
    message:
      'This terminal has no key. Where its protocol is upay run `redress activate --code CODE --key-file FILE`; a key that is there already goes in with `redress init --config FILE --key-file FILE`.',
  },
  already_activated: {
    exit: EXIT.usage,
    message:
      'This terminal is activated already, and a new activation would replace its number. Where that is meant, close it and run `redress activate --replace`.',
  },
  activation_refused: {
    exit: EXIT.refused,
    message: 'The acquirer refused the activation. Ask for a new code and check the vendor settings.',
  },
  activation_unanswered: {
    exit: EXIT.refused,
    message:
      'The acquirer gave no answer that can be read, so the activation code may be used up. Ask the acquirer before it is tried again.',
  },
  provisioning_invalid: {
    exit: EXIT.usage,
    message:
      'The provisioning file is not valid. Correct it and try again; a kiosk that waits does so by itself.',
  },
  secrets_sealed: {
    exit: EXIT.refused,
    message:
      "The kiosk program has sealed this terminal's key, so only it can use it. Run the command through it: `redress-kiosk --cli COMMAND`.",
  },
  secrets_unprotected: {
    exit: EXIT.refused,
    message:
      "This system has no key store that could protect the terminal's key. Set up a keyring and log in again, or use `redress serve` with a browser.",
  },
  checkin_refused: {
    exit: EXIT.refused,
    message:
      'The check-in failed. Check the network, then the terminal number and its key; if those are right, activate again.',
  },
  checkin_unknown: {
    exit: EXIT.usage,
    message:
      'The protocol of this terminal has no check-in: its keys do not change by themselves. Replace them with `redress init --config FILE --key-file FILE`.',
  },
  activation_unknown: {
    exit: EXIT.usage,
    message:
      'The protocol of this terminal has no activation. Give it its keys with `redress init --config FILE --key-file FILE`.',
  },
  acquirer_unreachable: {
    exit: EXIT.refused,
    message: 'The acquirer did not answer. Check the network and the apiDomain setting.',
  },
  // The data directory.
  terminal_in_use: {
    exit: EXIT.inUse,
    message: 'Another Redress process already works on this data directory.',
  },
  data_read_only: {
    exit: EXIT.refused,
    message: 'The data directory cannot be written. No payment was started.',
  },
  data_full: {
    exit: EXIT.refused,
    message: 'The disk is full. No payment was started; free some space first.',
  },
  data_corrupt: {
    exit: EXIT.refused,
    message:
      'The ledger file is damaged. No payment was started; keep the file as it is and call support before anything is restored.',
  },
  data_newer: {
    exit: EXIT.refused,
    message:
      'The ledger was written by a newer version of Redress. Update this one; the file was not touched.',
  },
  data_unavailable: {
    exit: EXIT.refused,
    message: 'The data directory cannot be used. No payment was started.',
  },
  journal_broken: {
    exit: EXIT.refused,
    message: 'The journal does not verify. Keep the file and call support.',
  },
  // Diagnostics.
  diagnostics_file_invalid: {
    exit: EXIT.usage,
    message:
      'Diagnostics are written to a new file, or over an earlier one of their own, in a folder that exists.',
  },
  diagnostics_unwritable: {
    exit: EXIT.refused,
    message: 'The diagnostics could not be written. Name another place, or make room there.',
  },
  diagnostics_part_missing: {
    exit: EXIT.refused,
    message: 'This part of the diagnostics took too long or grew too large, so it was left out.',
  },
  // Hosts.
  port_in_use: { exit: EXIT.refused, message: 'The port is taken. Choose another with --port.' },
  runtime_too_old: {
    exit: EXIT.refused,
    message: 'Redress needs Node 22 or later. Start it through npm, which brings its own Node.',
  },
  not_allowed: {
    exit: EXIT.refused,
    message: 'This page is not allowed to talk to the terminal. Open the one-time address again.',
  },
  not_practice: {
    exit: EXIT.usage,
    message: 'This terminal works with real money. Faults can be chosen in practice mode only.',
  },
  call_unknown: { exit: EXIT.usage, message: 'The terminal knows no such call.' },
  stopping: { exit: EXIT.stillOwed, message: 'The terminal is stopping. Nothing new was started.' },
  bug: { exit: EXIT.bug, message: 'Redress met a bug. Everything owed is kept on disk; please report it.' },
} as const satisfies Readonly<Record<string, ErrorText>>;

export type ErrorCode = keyof typeof ERRORS;

/** An expected failure as a value: the code decides, the detail helps the reader. */
export interface Failure {
  readonly code: ErrorCode;
  /** The part that cannot be in the table: a path, a field name, the acquirer's own code. */
  readonly detail?: string;
  /** The order that stands in the way. */
  readonly clientSn?: string;
}

export function failure(code: ErrorCode, detail?: string): Failure {
  return detail === undefined ? { code } : { code, detail };
}

export function messageOf({ code, detail }: Failure): string {
  return detail === undefined ? ERRORS[code].message : `${ERRORS[code].message} (${detail})`;
}
