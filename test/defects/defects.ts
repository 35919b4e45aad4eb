/** One change of the product's source. What is looked for stands in the file exactly once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Seeds, played from the first one until one comes to a violation with these words. */
export interface BySimulator {
  readonly by: 'simulator';
  readonly from: number;
  readonly seeds: number;
  readonly violation: string;
}

/** Tests of the unit suite, by file and by a pattern of a test's own name, or of the group's that it stands in. */
export interface BySuite {
  readonly by: 'suite';
  readonly file: string;
  readonly tests: string;
}

/** What a careless engineer would have done, and who tells. */
export interface Defect {
  readonly name: string;
  readonly careless: string;
  readonly edits: readonly Edit[];
  readonly caughtBy: BySimulator | BySuite;
}

/** Above the first seed that catches it a defect has so many more, for the day on which plans are made otherwise. */
const MARGIN = 150;

function sim(violation: string, from: number): BySimulator {
  return { by: 'simulator', from, seeds: MARGIN, violation };
}

function suite(name: string, tests: string): BySuite {
  return { by: 'suite', file: `test/unit/${name}.test.ts`, tests };
}

const COLLECTION = 'shared/order/collection.ts';
const REVERSAL = 'shared/order/reversal.ts';
const REVOCATION = 'shared/order/revocation.ts';
const TRANSITION = 'shared/order/transition.ts';
const RESOLVER = 'main/resolver/resolver.ts';
const LEDGER = 'main/ledger/ledger.ts';
const JOURNAL = 'main/ledger/journal.ts';
const UPAY = 'main/acquirer/upay-acquirer.ts';

export const DEFECTS: readonly Defect[] = [
  {
    name: 'sent-before-commit',
    careless: 'Commits are gathered and made a turn later, to spare the disk.',
    edits: [
      {
        file: LEDGER,
        find: 'this.#inTransaction = (work) => transaction.immediate(work);',
        replace: `this.#inTransaction = (work) => {
          if (!database.inTransaction) {
            database.exec('BEGIN IMMEDIATE');
            setImmediate(() => {
              if (database.open && database.inTransaction) database.exec('COMMIT');
            });
          }
          transaction(work);
        };`,
      },
    ],
    caughtBy: sim('pay was sent before its intent was committed', 1),
  },
  {
    name: 'pay-resent-after-silence',
    careless: 'A pay that was not answered is sent once more.',
    edits: [
      {
        file: RESOLVER,
        find: "    this.#codes.delete(clientSn);\n    if (call === 'pay' && code === undefined) {",
        replace:
          "    if (call !== 'pay') this.#codes.delete(clientSn);\n    if (call === 'pay' && code === undefined) {",
      },
      {
        file: COLLECTION,
        find: "    case 'pending':\n    case 'unknown':\n      return askAtOnce(order, stamp);",
        replace:
          "    case 'pending':\n    case 'unknown':\n      return order.attempts < 2 ? step({ ...order, owed: { call: 'pay', dueAtMs: stamp.atMs, waitingFor: 'time' } }) : askAtOnce(order, stamp);",
      },
    ],
    caughtBy: sim('pay was sent again', 3),
  },
  {
    name: 'pay-repeated-by-the-transport',
    careless: 'A request whose connection broke is sent again by the transport.',
    edits: [
      {
        file: 'main/acquirer/transport.ts',
        find: 'const response = await dispatcher.request({\n      method,\n      path,\n      headers: { ...headers },\n      body: body ?? null,\n      signal,\n    });',
        replace: `const send = () => dispatcher.request({ method, path, headers: { ...headers }, body: body ?? null, signal });
    const response = await send().catch((error) => {
      if (codeOf(error) !== 'UND_ERR_SOCKET') throw error;
      return send();
    });`,
      },
    ],
    caughtBy: sim('pay was sent again', 27),
  },
  {
    name: 'no-tail-query',
    careless: 'An order that was reversed early is never asked about again.',
    edits: [
      {
        file: REVERSAL,
        find: '  if (stamp.atMs >= inFlightUntilMs) return step(reversed);\n',
        replace: '  if (stamp.atMs > 0) return step(reversed);\n',
      },
    ],
    caughtBy: sim('no look back is owed', 5),
  },
  {
    name: 'late-approval-ignored',
    careless: 'The tail query is made, and a charge that it finds is not reversed.',
    edits: [
      {
        file: REVERSAL,
        find: "    case 'charged':\n    case 'pending':\n      return reopen(",
        replace:
          "    case 'charged':\n    case 'pending':\n      if (order.state === 'reversed') return step({ ...order, owed: null });\n      return reopen(",
      },
    ],
    caughtBy: suite('transition-reversing', 'is a late approval'),
  },
  {
    name: 'unknown-pay-is-declined',
    careless: 'A pay whose answer proves nothing is taken for a pay that failed.',
    edits: [
      {
        file: COLLECTION,
        find: "    case 'pending':\n    case 'unknown':\n      return askAtOnce(order, stamp);",
        replace:
          "    case 'unknown':\n      return step(decide(order, 'declined', 'declined_by_acquirer'));\n    case 'pending':\n      return askAtOnce(order, stamp);",
      },
    ],
    caughtBy: sim('is declined, and the acquirer holds', 1),
  },
  {
    name: 'time-out-is-not-sent',
    careless: 'A call that timed out is taken for one that was never sent.',
    edits: [
      {
        file: 'main/acquirer/transport.ts',
        find: "return { kind: 'no_answer', code: signal.reason === INTERRUPTED ? INTERRUPTED : TIMED_OUT };",
        replace:
          "if (signal.reason !== INTERRUPTED) return { kind: 'not_sent', code: TIMED_OUT };\n      return { kind: 'no_answer', code: INTERRUPTED };",
      },
    ],
    caughtBy: sim('is declined, and the acquirer holds', 5),
  },
  {
    name: 'not-sent-is-no-answer',
    careless: 'No connection is taken for no answer, and a sale that never left is asked about and reversed.',
    edits: [
      {
        file: 'main/acquirer/transport.ts',
        find: "return { kind: 'not_sent', code:",
        replace: "return { kind: 'no_answer', code:",
      },
    ],
    caughtBy: suite('acquirer-transport', 'when the port refuses'),
  },
  {
    name: 'absence-while-confirming-is-declined',
    careless: 'No such order, so there was no payment.',
    edits: [
      {
        file: COLLECTION,
        find: "    // Absence is no proof here: the pay request may still be travelling.\n    case 'not_found':\n",
        replace: "    case 'not_found':\n      return step(decide(order, 'declined', 'payment_ended'));\n",
      },
    ],
    caughtBy: sim('made it declined by query_answered not_found', 2),
  },
  {
    name: 'absence-is-proof-at-once',
    careless: 'No such order after a cancel, so there is nothing left to prove.',
    edits: [
      {
        file: REVERSAL,
        find: 'function awaitAbsence(order: Order, stamp: Stamp, policy: Policy): Step {\n',
        replace:
          'function awaitAbsence(order: Order, stamp: Stamp, policy: Policy): Step {\n  if (!wasSeen(order)) return proveReversed(order, stamp, policy);\n',
      },
    ],
    caughtBy: sim('took absence for proof too early', 2),
  },
  {
    name: 'cancel-accepted-is-reversed',
    careless: 'The acquirer said yes to the cancel, so the money is back.',
    edits: [
      {
        file: REVERSAL,
        find: "    case 'accepted':\n    case 'already':\n      return step(owe(accepted(order, stamp), 'verifying', 'query', stamp.atMs));",
        replace:
          "    case 'accepted':\n    case 'already':\n      return proveReversed(order, stamp, policy);",
      },
    ],
    caughtBy: sim('made it reversed by cancel_answered accepted', 5),
  },
  {
    name: 'cancel-refused-is-reversed',
    careless: 'A cancel that is refused has nothing to cancel.',
    edits: [
      {
        file: REVERSAL,
        find: '      const refusal = refusalOf(order, { ...outcome, kind: outcome.kind }, stamp);\n',
        replace:
          "      if (outcome.kind === 'refused') return proveReversed(order, stamp, policy);\n      const refusal = refusalOf(order, { ...outcome, kind: outcome.kind }, stamp);\n",
      },
    ],
    caughtBy: sim('is reversed, and the acquirer holds', 47),
  },
  {
    name: 'late-success-stops-the-reversal',
    careless: 'The customer turns out to be charged, so the order that is being reversed is paid after all.',
    edits: [
      {
        file: REVERSAL,
        find: '      return chargedStill(order, stamp, policy);\n    case',
        replace:
          "      return step({ ...decide(order, 'paid', null), paidAtMs: stamp.atMs }, { type: 'check_sale' });\n    case",
      },
    ],
    caughtBy: sim('was being reversed, and is paid', 30),
  },
  {
    name: 'revoke-accepted-is-revoked',
    careless: 'The acquirer said yes to the revoke, so the money is back.',
    edits: [
      {
        file: REVOCATION,
        find: "return step(owe(accepted(order, stamp), 'revoking', 'query', stamp.atMs));",
        replace: "return step(decide(accepted(order, stamp), 'revoked', order.reason));",
      },
    ],
    caughtBy: sim('made it revoked by revoke_answered accepted', 4),
  },
  {
    name: 'revoke-on-any-day',
    careless: 'Whether the business day is over is left to the acquirer.',
    edits: [
      {
        file: 'shared/order/revoke-refusal.ts',
        find: 'return order.businessDay === businessDay && !isWindowClosed(order, clock)',
        replace: 'return businessDay !== null',
      },
    ],
    caughtBy: suite('transition-revoking', 'on another business day is refused'),
  },
  {
    name: 'outbox-lost-at-the-start',
    careless: 'A start begins with an empty outbox.',
    edits: [
      {
        file: LEDGER,
        find: '      ledger.#quickCheck();\n',
        replace: "      ledger.#quickCheck();\n      opened.value.exec('DELETE FROM outbox');\n",
      },
    ],
    caughtBy: sim('is missing', 2),
  },
  {
    name: 'owed-call-lost-at-the-start',
    careless: 'A start takes the calls that were under way for done.',
    edits: [
      {
        file: TRANSITION,
        find: '      return step(dueBy(here, stamp.atMs + Math.round(SPREAD_MS * stamp.random)));',
        replace: '      return step({ ...here, owed: null });',
      },
    ],
    caughtBy: sim('neither a call is owed nor a person asked', 2),
  },
  {
    name: 'unknown-query-gives-up',
    careless: 'A question that is not answered ends the asking.',
    edits: [
      {
        file: REVERSAL,
        find: "    case 'config':\n      return step(oweLater(order, 'verifying', 'query', stamp, policy, waitingForOf(outcome.kind)));",
        replace: "    case 'config':\n      return step({ ...order, owed: null });",
      },
    ],
    caughtBy: sim('neither a call is owed nor a person asked', 2),
  },
  {
    name: 'start-reverses-at-once',
    careless: 'A start reverses whatever was being collected.',
    edits: [
      {
        file: TRANSITION,
        find: '      return askAtOnce(here, stamp);',
        replace: '      return startReversal(here, stamp);',
      },
    ],
    caughtBy: suite('transition-restart', 'while collecting becomes a question'),
  },
  {
    name: 'start-keeps-the-old-horizon',
    careless: 'A start trusts the horizon that was written before the clock may have been set.',
    edits: [
      { file: TRANSITION, find: '    inFlightUntilMs: horizonMs,\n', replace: '' },
      {
        file: TRANSITION,
        find: "dueAtMs: horizonMs, waitingFor: 'time' } });",
        replace: "dueAtMs: here.inFlightUntilMs, waitingFor: 'time' } });",
      },
    ],
    caughtBy: sim('is still verifying', 157),
  },
  {
    name: 'clock-step-not-followed',
    careless: 'Waits are not moved when the clock is set.',
    edits: [
      {
        file: RESOLVER,
        find: "    this.#toRecord.unshift({ clientSns, happening: { type: 'clock_changed', deltaMs } });\n",
        replace: '',
      },
    ],
    caughtBy: sim('is reversed, and the acquirer holds', 146),
  },
  {
    name: 'clock-step-after-what-waits',
    careless: 'A step of the clock is recorded after whatever waits for the disk, as everything else is.',
    edits: [
      {
        file: RESOLVER,
        find: "this.#toRecord.unshift({ clientSns, happening: { type: 'clock_changed', deltaMs } });",
        replace: "this.#toRecord.push({ clientSns, happening: { type: 'clock_changed', deltaMs } });",
      },
    ],
    caughtBy: suite('resolver-recovery', 'owes nothing hours later'),
  },
  {
    name: 'two-calls-of-one-order',
    careless: 'Nothing looks at whether an order has a call on the wire already.',
    edits: [
      {
        file: RESOLVER,
        find: '.filter(({ clientSn }) => !this.#inFlight.has(clientSn) && !this.#codes.has(clientSn))',
        replace: '.filter(({ clientSn }) => !this.#codes.has(clientSn))',
      },
      {
        file: 'main/resolver/in-flight-calls.ts',
        find: "    invariant(!this.#flights.has(clientSn), 'at most one call per order is in flight');\n",
        replace: '',
      },
    ],
    caughtBy: sim('left while its query was in flight', 1),
  },
  {
    name: 'no-sale-guard',
    careless: 'A sale is collected again while an order of it is undecided, and nobody is asked.',
    edits: [
      {
        file: LEDGER,
        find: 'if (saleId === clientSn) return [];',
        replace: 'if (saleId.length > 0) return [];',
      },
    ],
    caughtBy: sim('of its sale is', 114),
  },
  {
    name: 'no-double-press-check',
    careless: 'A code that the scanner sends twice is taken twice.',
    edits: [
      {
        file: LEDGER,
        find: 'if (lastUse !== null && !this.#wasNeverSent(lastUse)) {',
        replace: 'if (lastUse === event.clientSn) {',
      },
    ],
    caughtBy: sim('was begun with the code of', 4),
  },
  {
    name: 'duplicates-stay-charged',
    careless: 'Two charged orders of one sale are left as they are.',
    edits: [
      {
        file: LEDGER,
        find: "if (effects.some((effect) => effect.type === 'check_sale'))\n      changes.push(...this.#reverseDuplicates(order, event));",
        replace: '',
      },
    ],
    caughtBy: sim('the acquirer holds', 336),
  },
  {
    name: 'given-up-too-early',
    careless: 'A cashier who gives up has the order cancelled that instant.',
    edits: [
      {
        file: COLLECTION,
        find: 'Math.max(stamp.atMs, earliestMs)',
        replace: 'Math.min(stamp.atMs, earliestMs)',
      },
    ],
    caughtBy: suite('transition-collecting', 'before a cancel is harmless'),
  },
  {
    name: 'cancel-waits-for-a-hanging-question',
    careless: 'Every call has its whole time, whatever closes meanwhile.',
    edits: [
      {
        file: 'shared/order/deadline.ts',
        find: "if (order.state !== 'collecting' && order.state !== 'confirming') return ownMs;",
        replace: 'if (order.confirmUntilMs > 0) return ownMs;',
      },
    ],
    caughtBy: suite('resolver-sending', 'leaves when the confirm window closes, although a question hangs'),
  },
  {
    name: 'one-lane-for-all',
    careless: 'Old debts and customers at the counter share one bound of calls in flight.',
    edits: [
      {
        file: RESOLVER,
        find: 'concurrency - this.#inFlight.countIn(lane)',
        replace: 'concurrency - this.#inFlight.size',
      },
    ],
    caughtBy: suite('resolver-sending', 'of a backlog that hangs does not delay'),
  },
  {
    name: 'settled-by-nobody',
    careless: 'An order that a person settles is settled in the terminal’s own name.',
    edits: [
      {
        file: 'main/terminal.ts',
        find: "{ type: 'settled', charged, settleReason: reason }, by);",
        replace: "{ type: 'settled', charged, settleReason: reason });",
      },
    ],
    caughtBy: sim('left attention for resolved by settled', 103),
  },
  {
    name: 'refund-with-a-new-id',
    careless: 'Each try of a refund has an id of its own.',
    edits: [
      {
        file: UPAY,
        find: 'requestNo: refund.requestId,',
        replace: 'requestNo: `${refund.requestId.slice(0, -4)}${String(order.revision).padStart(4, "0")}`,',
      },
    ],
    caughtBy: sim('which nobody here began', 6),
  },
  {
    name: 'noop-is-refused',
    careless: 'A refund that was made before is taken for one that is refused.',
    edits: [
      {
        file: 'shared/protocol/upay/outcome.ts',
        find: "returnOutcome(reply, expected, isRepeated ? 'already' : result);",
        replace: 'returnOutcome(reply, expected, result);',
      },
    ],
    caughtBy: suite('upay-codes', 'a refund that was done before is done'),
  },
  {
    name: 'amount-not-compared',
    careless: 'The amount that the acquirer names is not compared with ours.',
    edits: [
      {
        file: 'shared/order/moves.ts',
        find: 'return evidence.amountMinor !== undefined && evidence.amountMinor !== order.amountMinor;',
        replace: 'return evidence.amountMinor === null && order.amountMinor === 0;',
      },
    ],
    caughtBy: suite('transition-collecting', 'approved for another amount'),
  },
  {
    name: 'success-without-its-state',
    careless: 'PAY_SUCCESS is paid, whatever state the order is in.',
    edits: [
      {
        file: 'shared/protocol/upay/outcome.ts',
        find: "status === 'charged' ? 'approved' : 'pending'",
        replace: "'approved'",
      },
    ],
    caughtBy: suite('upay-replies', 'survives any fault of order_status'),
  },
  {
    name: 'reply-of-another-order-believed',
    careless: 'Nobody looks at which order a reply is about.',
    edits: [
      {
        file: 'shared/protocol/upay/outcome.ts',
        find: '  if (data.client_sn !== undefined && data.client_sn !== expected.clientSn) return true;\n  return data.sn !== undefined && expected.sn !== null && data.sn !== expected.sn;',
        replace: '  return data.sn === expected.clientSn;',
      },
    ],
    caughtBy: suite('upay-replies', 'survives any fault of client_sn'),
  },
  {
    name: 'unsigned-success-accepted',
    careless: 'A reply that says success is believed whoever wrote it.',
    edits: [
      {
        file: 'shared/protocol/alipay/outcome.ts',
        find: '  if (!trust.authentic) {\n    const kind',
        replace: "  if (!trust.authentic && reply.result.resultStatus !== 'S') {\n    const kind",
      },
    ],
    caughtBy: sim('believed an answer that nobody had signed', 381),
  },
  {
    name: 'sign-at-enqueue',
    careless: 'A key is read when the process starts and signs everything that is sent later.',
    edits: [
      {
        file: UPAY,
        find: '  #checkinInFlight: Promise<CheckinReport> | null = null;',
        replace: '  #checkinInFlight: Promise<CheckinReport> | null = null;\n  #key: string | null = null;',
      },
      {
        file: UPAY,
        find: '{ call, sn, key, body }, signal);',
        replace: '{ call, sn, key: (this.#key ??= key), body }, signal);',
      },
    ],
    caughtBy: sim('at the end', 6),
  },
  {
    name: 'signature-not-repaired',
    careless: 'A key that the acquirer has replaced is used until tomorrow.',
    edits: [
      {
        file: UPAY,
        find: 'if (!isSignatureRefused(first)) return first;',
        replace: 'if (first !== null) return first;',
      },
    ],
    caughtBy: suite('acquirer-keys', 'is repaired by'),
  },
  {
    name: 'code-kept-in-the-journal',
    careless: 'The code itself is kept, to know a second scan of it.',
    edits: [
      {
        file: 'main/ledger/scanned-codes.ts',
        find: "return hash('sha256', `${this.#key}${code}`, 'base64url');",
        replace: 'return code;',
      },
    ],
    caughtBy: sim('holds a payment code', 1),
  },
  {
    name: 'echoed-code-kept',
    careless: 'What the acquirer says is kept as it came.',
    edits: [
      {
        file: UPAY,
        find: 'return { ...outcome, evidence: withoutCode(outcome.evidence, code) };',
        replace: 'return outcome;',
      },
    ],
    caughtBy: suite('acquirer-keys', 'keeps the payment code out'),
  },
  {
    name: 'hash-chain-not-chained',
    careless: 'Each entry is hashed by itself.',
    edits: [
      {
        file: JOURNAL,
        find: 'const text = `${previous}\\n${seq}',
        replace: 'const text = `${GENESIS}\\n${seq}',
      },
    ],
    caughtBy: sim('does not follow from the one before it', 1),
  },
  {
    name: 'projections-moved-afterwards',
    careless: 'The outbox is brought in line after the commit and not within it.',
    edits: [
      {
        file: LEDGER,
        find: '    else this.#projections.move(order, seq);\n',
        replace: '    else setImmediate(() => this.#projections.move(order, seq));\n',
      },
    ],
    caughtBy: sim('was written over by an older order', 1),
  },
  {
    name: 'no-transaction',
    careless: 'Each statement is committed by itself.',
    edits: [
      {
        file: LEDGER,
        find: 'this.#inTransaction = (work) => transaction.immediate(work);',
        replace: 'this.#inTransaction = (work) => work();',
      },
    ],
    caughtBy: suite('ledger-durability', 'One change is one transaction'),
  },
  {
    name: 'synchronous-normal',
    careless: 'In WAL, synchronous=NORMAL keeps the file whole, so it is taken to be enough.',
    edits: [
      {
        file: 'main/database/open.ts',
        find: "database.pragma('synchronous = FULL');",
        replace: "database.pragma('synchronous = NORMAL');",
      },
      {
        file: 'main/database/open.ts',
        find: "database.pragma('synchronous', { simple: true }) !== 2",
        replace: "database.pragma('synchronous', { simple: true }) !== 1",
      },
    ],
    caughtBy: suite('ledger-durability', 'is opened at synchronous=FULL'),
  },
  {
    name: 'synchronous-full-only-at-first',
    careless: 'FULL is set when the file is made, taken to be kept in it, and not read back.',
    edits: [
      {
        file: 'main/database/open.ts',
        find: "database.pragma('synchronous = FULL');",
        replace: "if (version === 0) database.pragma('synchronous = FULL');",
      },
      {
        file: 'main/database/open.ts',
        find: "if (database.pragma('synchronous', { simple: true }) !== 2) {",
        replace: "if (database.pragma('synchronous', { simple: true }) === 0) {",
      },
    ],
    caughtBy: suite('ledger-durability', 'is opened at synchronous=FULL'),
  },
  {
    name: 'commit-error-ignored',
    careless: 'A commit that failed is told like one that did not.',
    edits: [
      {
        file: LEDGER,
        find: '      return err(databaseFailure(error));\n    }\n  }\n\n  /** The witness',
        replace:
          '      databaseFailure(error);\n      return ok(undefined);\n    }\n  }\n\n  /** The witness',
      },
    ],
    caughtBy: suite('disk-faults', 'at any write of a sale'),
  },
  {
    name: 'late-approval-waits',
    careless: 'A charge that shows late waits out the backoff of the cancels that came before it.',
    edits: [{ file: REVERSAL, find: 'if (isFirstSight)', replace: 'if (order.waits < 0)' }],
    caughtBy: suite('transition-reversing', 'is cancelled at once, however often absence was heard'),
  },
  {
    name: 'answers-dropped-together',
    careless: 'Answers that the disk refuses together are not tried by themselves.',
    edits: [{ file: RESOLVER, find: '      this.#finishApart(answers);\n', replace: '' }],
    caughtBy: suite('resolver-sending', 'are kept one by one where the disk has no room'),
  },
  {
    name: 'next-flight-ended',
    careless: 'The end of a call ends whatever call of its order is out.',
    edits: [
      {
        file: 'main/resolver/in-flight-calls.ts',
        find: 'if (this.#flights.get(clientSn) === flight) this.#flights',
        replace: 'this.#flights',
      },
    ],
    caughtBy: suite('resolver-sending', 'are kept once where a listener meets a bug'),
  },
  {
    name: 'obstacle-cleared-for-what-is-on-disk',
    careless: 'An answer that has come in and is not kept yet misses what has been put right.',
    edits: [
      {
        file: RESOLVER,
        find: '    // An answer that has come in already may be what waits for this obstacle.\n    this.#finishArrived();\n',
        replace: '',
      },
    ],
    caughtBy: suite('resolver-sending', 'are on disk before what they wait for'),
  },
  {
    name: 'no-retry-after-refusal',
    careless: 'Nothing is tried again after the disk has refused a commit.',
    edits: [
      {
        file: RESOLVER,
        find: '    this.#refusals += 1;\n    this.#retryLater(waitMs);',
        replace: '    this.#refusals += waitMs > 0 ? 1 : 0;',
      },
    ],
    caughtBy: suite('resolver-recovery', 'the commit is tried at growing intervals'),
  },
  {
    name: 'retry-busy-loop',
    careless: 'The next try is armed although its time has passed and a call is still out.',
    edits: [
      {
        file: RESOLVER,
        find: 'if (this.#inFlight.size === 0) this.#armTimer(this.#deps.clock.nowMs());',
        replace: 'this.#armTimer(this.#deps.clock.nowMs());',
      },
    ],
    caughtBy: sim('things happened in one millisecond', 488),
  },
  {
    name: 'obstacle-never-cleared',
    careless: 'A network that is back hurries nothing.',
    edits: [{ file: RESOLVER, find: "    if (online) this.obstacleCleared('network');\n", replace: '' }],
    caughtBy: suite('resolver-recovery', 'a connection is tried every second'),
  },
];
