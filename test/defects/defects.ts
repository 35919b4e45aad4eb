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

/** Tests of the unit suite, by file and by what their names match. */
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
const MARGIN = 60;

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
    caughtBy: sim('pay was sent again', 2),
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
    caughtBy: sim('pay was sent again', 40),
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
    name: 'clock-step-not-followed',
    careless: 'Waits are not moved when the clock is set.',
    edits: [
      {
        file: RESOLVER,
        find: "    this.#recordForMany(clientSns, { type: 'clock_changed', deltaMs });\n",
        replace: '    void clientSns;\n',
      },
    ],
    caughtBy: sim('is reversed, and the acquirer holds', 39),
  },
  {
    name: 'hash-chain-not-chained',
    careless: 'Each entry is hashed by itself.',
    edits: [
      {
        file: JOURNAL,
        find: "const chained = previous.toString('hex');",
        replace: "const chained = GENESIS.toString('hex');",
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
    name: 'code-kept-in-the-journal',
    careless: 'The code itself is kept, to know a second scan of it.',
    edits: [
      {
        file: 'main/ledger/scanned-codes.ts',
        find: "return hash('sha256', `${this.#key}${code}`, 'base64url');",
        replace: 'return code.slice(this.#key.length * 0);',
      },
    ],
    caughtBy: sim('holds a payment code', 1),
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
];
