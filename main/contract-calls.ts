import { type CallName, isCallName, type TerminalCallName } from '../shared/call-names.ts';
import {
  CONTRACT,
  type CallArgs,
  type CallResult,
  type OrderCard,
  type Snapshot,
  type TerminalReport,
} from '../shared/contract.ts';
import { failure, type Failure } from '../shared/errors.ts';
import type { Actor, CollectRequested, OrderHappening } from '../shared/order/event.ts';
import type { Order } from '../shared/order/order.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { describeIssues } from '../shared/settings.ts';
import type { CustomerCounter } from './counter.ts';
import type { LedgerChecker } from './ledger-check.ts';
import type { Ledger } from './ledger/ledger.ts';
import { timelineEntry } from './order-view.ts';
import type { PaymentInput } from './payment-input.ts';
import type { PracticePanel } from './practice-panel.ts';
import type { ScreenView } from './screen-view.ts';

/** What the calls of the contract are made of. */
export interface CalledParts {
  readonly terminal: CalledTerminal;
  readonly ledger: Ledger;
  readonly view: ScreenView;
  readonly counter: CustomerCounter;
  readonly checker: LedgerChecker;
  readonly practice: PracticePanel;
}

/** The commands of a terminal, which the command line gives without a contract between. */
export interface CalledTerminal {
  collect(input: PaymentInput, override: boolean, actor: Actor): Result<Order, Failure>;
  command(
    number: string,
    happening: Exclude<OrderHappening, CollectRequested>,
    actor: Actor,
  ): Result<Order, Failure>;
  revoke(number: string, reason: string, actor: Actor): Result<Order, Failure>;
  refund(number: string, reason: string, actor: Actor): Result<Order, Failure>;
  settle(
    number: string,
    word: Omit<CallArgs<'order.settle'>, 'clientSn'>,
    actor: Actor,
  ): Result<Order, Failure>;
  snapshot(): Snapshot;
  report(): TerminalReport;
}

type Answered<Value> = Result<Value, Failure> | Promise<Result<Value, Failure>>;

/** One function for each of these calls; one that is missing does not compile. */
export type Handlers<Name extends CallName> = {
  readonly [Each in Name]: (args: CallArgs<Each>, actor: Actor) => Answered<CallResult<Each>>;
};

/** What a terminal answers, by the call's name, for arguments that are checked already. */
export function createHandlers({
  terminal,
  ledger,
  view,
  counter,
  checker,
  practice,
}: CalledParts): Handlers<TerminalCallName> {
  const card = (result: Result<Order, Failure>): Result<OrderCard, Failure> =>
    result.ok ? ok(view.card(result.value)) : result;
  return {
    'state.get': () => ok(terminal.snapshot()),
    'sale.collect': ({ override = false, ...input }, actor) => card(terminal.collect(input, override, actor)),
    'order.giveUp': ({ clientSn }, actor) => card(terminal.command(clientSn, { type: 'gave_up' }, actor)),
    'order.revoke': ({ clientSn, reason = '' }, actor) => card(terminal.revoke(clientSn, reason, actor)),
    'order.refund': ({ clientSn, reason = '' }, actor) => card(terminal.refund(clientSn, reason, actor)),
    'order.retry': ({ clientSn }, actor) =>
      card(terminal.command(clientSn, { type: 'retry_requested' }, actor)),
    'order.reverse': ({ clientSn }, actor) =>
      card(terminal.command(clientSn, { type: 'reversal_requested' }, actor)),
    'order.settle': ({ clientSn, ...word }, actor) => card(terminal.settle(clientSn, word, actor)),
    'order.show': ({ clientSn }) => {
      const order = ledger.find(clientSn);
      if (order === null) return err(failure('order_unknown'));
      return ok({ order: view.card(order), timeline: ledger.timeline(order.clientSn).map(timelineEntry) });
    },
    'orders.search': (wanted) => ok(view.search(wanted)),
    'counter.show': (wanted) => {
      const shown = counter.show(wanted);
      return shown.ok ? ok({}) : shown;
    },
    'terminal.get': () => ok(terminal.report()),
    'ledger.check': () => checker.check(),
    'practice.get': () => practice.report(),
    'practice.fault': (wanted) => practice.queue(wanted),
    'practice.clear': () => practice.clear(),
  };
}

/** Runs one call whose name and arguments come from outside and are believed only here. */
export async function runCall<Name extends CallName>(
  handlers: Handlers<Name>,
  name: string,
  args: unknown,
  actor: Actor,
): Promise<Result<unknown, Failure>> {
  if (!isCallName(name) || !Object.hasOwn(handlers, name)) return err(failure('call_unknown'));
  const parsed = CONTRACT[name].args.safeParse(args);
  if (!parsed.success) return err(failure('arguments_invalid', describeIssues(parsed.error)));
  const handler = handlers[name as Name] as (args: unknown, actor: Actor) => Answered<unknown>;
  return handler(parsed.data, actor);
}
