/**
 * What the checker is told, as plain data. It shares no code with what it checks: the shapes here are those of
 * `redress journal export`, of the practice gateway's file and of its wire log.
 */

/** One line of `redress journal export`. */
export interface JournalLine {
  readonly seq: number;
  readonly clientSn: string | null;
  readonly previousSeq: number | null;
  readonly atMs: number;
  readonly event: string;
  readonly version: number;
  readonly body: unknown;
  /** Hexadecimal. */
  readonly hash: string;
}

/** The acquirer's truth about one order, in minor units. */
export interface GatewayTruth {
  readonly clientSn: string;
  readonly sn: string | null;
  readonly totalMinor: number;
  /** What the customer is out of pocket. */
  readonly netCapturedMinor: number;
  readonly charges: number;
  /** Absent where nobody can say. */
  readonly refunds?: readonly { readonly requestNo: string; readonly amountMinor: number }[];
}

/** One request as it arrived at the acquirer, in the order of arrival. */
export interface WireLine {
  readonly atMs: number;
  readonly call: string;
  readonly clientSn: string | null;
  /** `wrong` and `unknown_sn` were not carried out. */
  readonly signature: string;
  /** Codes of the answer, outermost first, joined by `/`; null where none was made. */
  readonly result: string | null;
  /** `withheld` and `damaged` answers never came as they were made. */
  readonly delivery: string;
}

/** One request as it left the terminal. */
export interface SentCall {
  readonly call: string;
  readonly clientSn: string;
  /** The newest journal entry that somebody else could read on the disk at that moment. */
  readonly committedSeq: number;
}

export interface History {
  readonly journal: readonly JournalLine[];
  /** Orders of this terminal, or those that its journal names. */
  readonly gatewayOrders: readonly GatewayTruth[];
  readonly wire: readonly WireLine[];
  /** Where the terminal's own side of the wire was watched. */
  readonly sent?: readonly SentCall[];
  /** Orders that somebody else with the terminal's key has acted on, by either number. */
  readonly byHand?: readonly string[];
  /** Orders whose calls or answers something between the two has repeated or made up, by either number. */
  readonly misled?: readonly string[];
  /** Whether the journal and the wire log are dated by one clock that nobody set. */
  readonly oneClock?: boolean;
  /** Texts that must be nowhere, such as the payment codes that were scanned. */
  readonly secrets?: readonly string[];
}

/** One entry of an order's journal, as far as the rules look at it. */
export interface Step {
  readonly seq: number;
  readonly atMs: number;
  readonly event: string;
  /** Null where the event is no answer. */
  readonly outcome: { readonly kind: string; readonly code: string } | null;
  readonly actorKind: string;
  readonly actorName: string;
  readonly order: OrderAfter;
}

/** The order as that entry left it. */
export interface OrderAfter {
  readonly clientSn: string;
  readonly sn: string | null;
  readonly saleId: string;
  readonly terminalSn: string;
  readonly amountMinor: number;
  readonly revision: number;
  readonly state: string;
  readonly charged: string;
  readonly reason: string | null;
  readonly inFlightUntilMs: number;
  readonly owedCall: string | null;
  readonly refundId: string | null;
}

/** One order's whole story. */
export interface Story {
  readonly clientSn: string;
  /** At least one, oldest first. */
  readonly steps: readonly Step[];
  readonly last: Step;
  readonly truth: GatewayTruth | null;
  readonly wire: readonly WireLine[];
  readonly sent: readonly SentCall[];
  readonly isByHand: boolean;
  readonly isMisled: boolean;
  readonly oneClock: boolean;
}

/** The stories of all orders, and the lines that tell none though they name an order. */
export function storiesOf(history: History): {
  readonly stories: readonly Story[];
  readonly unreadable: readonly number[];
} {
  const steps = new Map<string, Step[]>();
  const unreadable: number[] = [];
  for (const line of history.journal) {
    if (line.clientSn === null) continue;
    const step = readStep(line);
    if (step === null) unreadable.push(line.seq);
    else steps.set(line.clientSn, [...(steps.get(line.clientSn) ?? []), step]);
  }
  const stories = [...steps].flatMap(([clientSn, own]) => {
    const last = own.at(-1);
    if (last === undefined) return [];
    const story: Story = {
      clientSn,
      steps: own,
      last,
      truth: history.gatewayOrders.find((truth) => truth.clientSn === clientSn) ?? null,
      wire: history.wire.filter((line) => line.clientSn === clientSn),
      sent: (history.sent ?? []).filter((call) => call.clientSn === clientSn),
      isByHand: history.byHand?.some((name) => name === clientSn || name === last.order.sn) === true,
      isMisled: history.misled?.some((name) => name === clientSn || name === last.order.sn) === true,
      oneClock: history.oneClock === true,
    };
    return [story];
  });
  return { stories, unreadable };
}

function readStep({ seq, atMs, event, body }: JournalLine): Step | null {
  const happened = member(body, 'event');
  const order = member(body, 'order');
  const outcome = member(happened, 'outcome');
  const actor = member(happened, 'actor');
  if (typeof order !== 'object' || order === null) return null;
  return {
    seq,
    atMs,
    event,
    outcome:
      outcome === undefined
        ? null
        : { kind: text(member(outcome, 'kind')), code: text(member(member(outcome, 'evidence'), 'code')) },
    actorKind: text(member(actor, 'kind')),
    actorName: text(member(actor, 'name')),
    order: {
      clientSn: text(member(order, 'clientSn')),
      sn: textOrNull(member(order, 'sn')),
      saleId: text(member(order, 'saleId')),
      terminalSn: text(member(order, 'terminalSn')),
      amountMinor: Number(member(order, 'amountMinor')),
      revision: Number(member(order, 'revision')),
      state: text(member(order, 'state')),
      charged: text(member(order, 'charged')),
      reason: textOrNull(member(order, 'reason')),
      inFlightUntilMs: Number(member(order, 'inFlightUntilMs')),
      owedCall: textOrNull(member(member(order, 'owed'), 'call')),
      refundId: textOrNull(member(member(order, 'refund'), 'requestId')),
    },
  };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
