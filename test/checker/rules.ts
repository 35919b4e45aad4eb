import type { OrderAfter, Step, Story, WireLine } from './history.ts';

/** One thing that must hold of every order's story; gives what does not hold, empty where all does. */
type Rule = (story: Story) => readonly string[];

/** Two processes of one machine read one clock, but not at one instant. */
const CLOCK_SLACK_MS = 1000;
/** States in which money is at stake and the terminal itself must do something about it. */
const MOVING: ReadonlySet<string> = new Set([
  'collecting',
  'confirming',
  'reversing',
  'verifying',
  'revoking',
]);
/** States that nothing leads out of. */
const ENDS: ReadonlySet<string> = new Set(['declined', 'revoked', 'resolved']);
/** What an answer that proves nothing may come to. */
const HARMLESS: ReadonlySet<string> = new Set(['unknown', 'throttled', 'config_unverified', 'not_sent']);
const NOT_CARRIED_OUT: ReadonlySet<string> = new Set(['wrong', 'unknown_sn']);

/** What is written before the codes of an answer that no signature of the acquirer's proves. */
const UNPROVED = /^(?:http_\d+\/)?(?:(?:unverified|missigned)\/)?/;

/** By what a decision may be reached: an answer's event and kind. */
const GROUNDS: Readonly<Record<string, ReadonlySet<string>>> = {
  paid: new Set(['pay_answered approved', 'query_answered charged']),
  declined: new Set([
    'pay_answered declined',
    'pay_answered not_sent',
    'pay_answered config',
    'query_answered not_charged',
  ]),
  reversed: new Set(['query_answered not_charged', 'query_answered not_found']),
  revoked: new Set(['query_answered not_charged']),
};

/** The intent comes first and once; who, what and how much never changes. */
const oneIntent: Rule = ({ steps }) => {
  const [first, ...later] = steps;
  if (first === undefined) return [];
  const told: string[] = [];
  if (first.event !== 'collect_requested') told.push(`begins with ${first.event}, not with an intent`);
  if (later.some(({ event }) => event === 'collect_requested')) told.push('was collected twice');
  let before = first;
  for (const step of later) {
    if (nameOf(step.order) !== nameOf(first.order)) told.push(`entry ${step.seq} changed what is collected`);
    if (step.order.revision < before.order.revision) told.push(`entry ${step.seq} is an older order`);
    if (before.order.sn !== null && before.order.sn !== step.order.sn)
      told.push(`entry ${step.seq} changed the acquirer's number`);
    before = step;
  }
  return told;
};

const nameOf = ({ clientSn, saleId, terminalSn, amountMinor }: OrderAfter): string =>
  [clientSn, saleId, terminalSn, amountMinor].join(' ');

/** A decision has its ground: the acquirer's word, or a named person's. Never age, a restart or a timer. */
const decidedByEvidence: Rule = ({ steps }) =>
  changesOf(steps).flatMap(({ before, step }) => {
    const { state } = step.order;
    if (before !== null && ENDS.has(before.order.state))
      return [`entry ${step.seq} leads from ${before.order.state}, an end, to ${state}`];
    if (state === 'resolved') {
      const isPerson = step.event === 'settled' && step.actorKind === 'operator' && step.actorName !== '';
      return isPerson ? [] : [`entry ${step.seq} resolved it without a named person`];
    }
    const grounds = GROUNDS[state];
    const ground = `${step.event} ${step.outcome?.kind ?? ''}`;
    if (grounds !== undefined && !grounds.has(ground))
      return [`entry ${step.seq} made it ${state} by ${ground.trim()}`];
    return [];
  });

/** An order that is not there proves nothing while a pay may be on its way, or once it was seen. */
const absenceProvesLate: Rule = ({ steps }) =>
  changesOf(steps).flatMap(({ step }) => {
    const { state, sn, inFlightUntilMs } = step.order;
    if (state !== 'reversed' || step.outcome?.kind !== 'not_found') return [];
    if (sn !== null) return [`entry ${step.seq} took the absence of an order that was seen for proof`];
    if (step.atMs < inFlightUntilMs) return [`entry ${step.seq} took absence for proof too early`];
    return [];
  });

function changesOf(steps: readonly Step[]): readonly { readonly before: Step | null; readonly step: Step }[] {
  return steps
    .map((step, index) => ({ before: steps[index - 1] ?? null, step }))
    .filter(({ before, step }) => before?.order.state !== step.order.state);
}

/** Whatever is undecided is owed. */
const undecidedIsOwed: Rule = ({ steps }) =>
  steps
    .filter(({ order }) => MOVING.has(order.state) && order.owedCall === null)
    .map(({ seq, order }) => `entry ${seq} left it ${order.state} and owing nothing`);

/** What leaves the terminal is what the newest committed entry owes. */
const sentWhatIsOwed: Rule = ({ steps, sent }) =>
  sent.flatMap(({ call, committedSeq }) => {
    const committed = steps.findLast(({ seq }) => seq <= committedSeq);
    if (committed === undefined) return [`${call} was sent before its intent was committed`];
    const { owedCall } = committed.order;
    return isSameCall(owedCall, call)
      ? []
      : [`${call} was sent while entry ${committed.seq} owed ${owedCall}`];
  });

/** What arrives was owed by an entry that is not younger. */
const arrivedAfterOwed: Rule = ({ steps, wire, isByHand, oneClock }) =>
  wire.flatMap(({ call, atMs }) => {
    if (isByHand && call !== 'pay') return [];
    const owing = steps.find(({ order }) => isSameCall(order.owedCall, call));
    if (owing === undefined) return [`${call} arrived, and no entry ever owed it`];
    if (oneClock && owing.atMs > atMs + CLOCK_SLACK_MS)
      return [`${call} arrived ${owing.atMs - atMs} ms before entry ${owing.seq} owed it`];
    return [];
  });

/** Where a protocol has one call for both, a revoke arrives as a cancel. */
function isSameCall(owed: string | null, call: string): boolean {
  return owed === call || (owed === 'revoke' && call === 'cancel');
}

/** Pay is carried out once at most, and never tried again after it was. */
const paidOnce: Rule = ({ wire, truth, isMisled }) => {
  const pays = wire.filter(({ call }) => call === 'pay');
  const first = pays.findIndex(({ signature }) => !NOT_CARRIED_OUT.has(signature));
  const told = isMisled || first === -1 || first === pays.length - 1 ? [] : ['pay was sent again'];
  return (truth?.charges ?? 0) > 1 ? [...told, `was charged ${truth?.charges} times`] : told;
};

/** The terminal's last word is what the acquirer holds. */
const agreesOnMoney: Rule = (story) => {
  const { last, truth, isByHand, wire } = story;
  const { state, charged, reason, amountMinor, owedCall, sn } = last.order;
  const net = truth?.netCapturedMinor ?? 0;
  const told: string[] = [];
  const owes = `the acquirer holds ${net} of ${amountMinor}`;
  if (truth !== null && truth.totalMinor !== amountMinor)
    told.push(`the acquirer has it for ${truth.totalMinor}`);
  if (truth !== null && sn !== null && truth.sn !== sn)
    told.push(`the acquirer calls it ${truth.sn}, not ${sn}`);
  const isReturned = state === 'declined' || state === 'revoked' || state === 'reversed';
  // While a look back is owed, a pay may still land; the look back is there to find it.
  if (isReturned && owedCall === null && net !== 0) told.push(`is ${state}, and ${owes}`);
  if (isReturned && charged !== 'no') told.push(`is ${state}, and charged ${charged}`);
  if (state === 'paid' && charged !== 'yes') told.push(`is paid, and charged ${charged}`);
  if (state === 'paid' && !isByHand && (net !== amountMinor || truth?.charges !== 1))
    told.push(`is paid, and ${owes}`);
  if (state === 'attention' && charged === 'no' && net !== 0) told.push(`is not charged, and ${owes}`);
  if (state === 'attention' && charged === 'yes' && net === 0 && owedCall === null && !isByHand)
    told.push(`is charged, and ${owes}`);
  const hasArrived = wire.some(({ call, signature }) => call === 'pay' && !NOT_CARRIED_OUT.has(signature));
  // What was refused for its signature was signed anew, and may then have found no connection.
  if (state === 'declined' && reason === 'not_sent' && hasArrived)
    told.push('is said not to be sent, and it arrived');
  return told;
};

/** What an answer said is what the acquirer answered, in its order; what nobody answered decided nothing. */
const answersAreTheAcquirers: Rule = ({ steps, wire, isMisled }) => {
  if (isMisled) return [];
  const told: string[] = [];
  let from = 0;
  for (const { seq, event, outcome } of steps) {
    if (outcome === null || HARMLESS.has(outcome.kind)) continue;
    if (outcome.code.startsWith('local/')) continue;
    const call = event.replace('_answered', '');
    const found = wire.findIndex((line, index) => index >= from && isAnswer(line, call, outcome.code));
    if (found === -1)
      told.push(`entry ${seq}: nobody answered ${call} with ${outcome.code}, ${outcome.kind}`);
    else from = found + 1;
  }
  return told;
};

function isAnswer(line: WireLine, call: string, code: string): boolean {
  const isWhole = line.delivery !== 'withheld' && line.delivery !== 'damaged';
  const said = code.replace(UNPROVED, '');
  return isWhole && isSameCall(call, line.call) && line.result === said;
}

/** An answer without the acquirer's right signature tells of a fault at most, and of a pay not even that for sure. */
const unprovedDecidesNothing: Rule = ({ steps }) =>
  steps.flatMap(({ seq, event, outcome }) => {
    const isUnproved = /(?:^|\/)(?:unverified|missigned)\//.test(outcome?.code ?? '');
    if (outcome === null || !isUnproved || HARMLESS.has(outcome.kind)) return [];
    if (outcome.kind === 'config' && event !== 'pay_answered') return [];
    return [`entry ${seq} believed an answer that nobody had signed: ${outcome.kind}`];
  });

/** A second refund needs the definite refusal of the first, or the money could be given back twice. */
const oneRefund: Rule = ({ steps, truth, isByHand }) => {
  const told: string[] = [];
  const ids: string[] = [];
  let isRefused = true;
  for (const { seq, event, outcome, order } of steps) {
    const isRefusal = outcome?.kind === 'refused' || outcome?.kind === 'window_closed';
    if (event === 'refund_answered' && isRefusal) isRefused = true;
    const { refundId } = order;
    if (refundId === null || refundId === ids.at(-1)) continue;
    if (!isRefused) told.push(`entry ${seq} began another refund, and the first was not refused`);
    ids.push(refundId);
    isRefused = false;
  }
  const made = truth?.refunds ?? [];
  if (isByHand) return told;
  for (const { requestNo } of made)
    if (!ids.includes(requestNo)) told.push(`the acquirer made refund ${requestNo}, which nobody here began`);
  if (made.length > 1) told.push(`the acquirer made ${made.length} refunds`);
  return told;
};

export const RULES: readonly Rule[] = [
  oneIntent,
  decidedByEvidence,
  absenceProvesLate,
  undecidedIsOwed,
  sentWhatIsOwed,
  arrivedAfterOwed,
  paidOnce,
  agreesOnMoney,
  answersAreTheAcquirers,
  unprovedDecidesNothing,
  oneRefund,
];
