import type { VNode } from 'preact';
import type { OrderCard, TimelineEntry } from '../../shared/contract.ts';
import { instructionOf } from '../../shared/order/order.ts';
import { rawWords, stateNames } from '../explain.ts';
import { formatDate } from '../format.ts';
import { useLanguage } from '../language.ts';
import { hrefOf } from '../route.ts';
import { useFormats, useTill } from '../till.ts';

interface TimelineProps {
  readonly order: OrderCard;
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
}

/** Everything that happened to one order, told for people, with the codes as they came. */
export function Timeline({ order, entries }: TimelineProps): VNode {
  const { snapshot } = useTill();
  const { strings, language } = useLanguage();
  const dayOf = ({ atMs }: TimelineEntry) => formatDate(atMs, snapshot.timeZone, language);
  return (
    <>
      <ol class="timeline">
        {entries.map((entry, index) => {
          const before = entries[index - 1];
          return (
            <Step
              key={entry.seq}
              {...{ order, entry }}
              day={before !== undefined && dayOf(before) === dayOf(entry) ? null : dayOf(entry)}
              isTurn={before?.detail['state'] !== entry.detail['state']}
            />
          );
        })}
      </ol>
      <details class="technical">
        <summary>{strings.orders.technical}</summary>
        <ol>
          {entries.map((entry) => (
            <li key={entry.seq}>
              <code>
                #{entry.seq} {entry.atMs} {entry.event} {JSON.stringify(entry.detail)}
              </code>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

/** A call that follows at once is told by its answer. */
const WAIT_WORTH_TELLING_MS = 1000;

interface StepProps {
  readonly order: OrderCard;
  readonly entry: TimelineEntry;
  /** The date, where it is not that of the step before. */
  readonly day: string | null;
  /** The state is not the one before. */
  readonly isTurn: boolean;
}

function Step({ order, entry: { event, atMs, detail }, day, isTurn }: StepProps): VNode {
  const { strings } = useLanguage();
  const formats = useFormats();
  const words = strings.orders;
  const { code, message, kind, state, reason, owed, dueAtMs, amountMinor, charged, obstacle, cause } = detail;
  const { reasons } = strings.order;
  const states = stateNames(text(cause).startsWith('refund_'), strings);
  // The tone of the state that the step led to.
  const instruction = isKeyOf(states, state)
    ? instructionOf({ state, charged: charged === 'yes' ? 'yes' : 'no' })
    : undefined;
  const alerts = textsOf(detail['alerts']);
  const stateWords = wordOf(states, state) ?? text(state);
  const by = detail['by'] === 'terminal' ? strings.shell.terminal : text(detail['by']);
  const raw = rawWords(text(code), text(message));
  const call = wordOf(strings.order.calls, owed);
  return (
    <li class="step" data-turn={isTurn} data-instruction={isTurn ? instruction : undefined}>
      <p class="step-time">
        {day !== null && <span>{day}</span>}
        <time>{formats.seconds(atMs)}</time>
      </p>
      <div class="step-body">
        <p class="step-what">
          <strong>{wordOf(words.happenings, event) ?? event}</strong> <span class="step-by">{by}</span>
        </p>
        <Line words={wordOf(words.outcomes, kind)} />
        <Line words={wordOf(words.obstacles, obstacle)} />
        <Line words={event === 'settled' && wordOf(strings.order.charged, charged)} />
        <Line words={text(reason) && words.reasonGiven(text(reason))} />
        <Others intro={words.paidFirst} numbers={[detail['otherClientSn']]} />
        <Others intro={words.wentPast} numbers={detail['overrides']} />
        {alerts.map((alert) => (
          <p key={alert} class="step-alert">
            {wordOf(words.alerts, alert) ?? wordOf(reasons, alert) ?? alert}
          </p>
        ))}
        {isTurn && (
          <p>
            <span class="step-state">{words.nowState(stateWords)}</span>{' '}
            {!alerts.includes(text(cause)) && wordOf(reasons, cause)}
          </p>
        )}
        <Line words={wordOf(words.waits, detail['waitingFor'])} />
        {typeof amountMinor === 'number' && event !== 'collect_requested' && amountMinor !== order.amount && (
          <p class="step-alert">{words.heldAmount(formats.amount(amountMinor, order.currency))}</p>
        )}
        {raw !== '' && (
          <p class="step-raw">
            <code>{raw}</code>
          </p>
        )}
        {call !== null && typeof dueAtMs === 'number' && dueAtMs - atMs >= WAIT_WORTH_TELLING_MS && (
          <p class="step-raw">{words.nextAt(call, formats.seconds(dueAtMs))}</p>
        )}
      </div>
    </li>
  );
}

function Line({ words }: { readonly words: string | null | false }): VNode | null {
  return words ? <p>{words}</p> : null;
}

interface OthersProps {
  readonly intro: string;
  readonly numbers: unknown;
}

/** Other orders that this step was about. */
function Others({ intro, numbers }: OthersProps): VNode | null {
  const known = textsOf(numbers);
  if (known.length === 0) return null;
  return (
    <p>
      {intro}
      {known.map((clientSn) => (
        <a key={clientSn} class="step-order" href={hrefOf({ screen: 'order', clientSn })}>
          {clientSn}
        </a>
      ))}
    </p>
  );
}

/** The journal may be older or newer than this page, so a word may be missing; then the code is shown. */
function wordOf(table: Readonly<Record<string, string>>, key: unknown): string | null {
  return isKeyOf(table, key) ? (table[key] ?? null) : null;
}

function isKeyOf<Table extends object>(table: Table, key: unknown): key is keyof Table {
  return typeof key === 'string' && Object.hasOwn(table, key);
}

function textsOf(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
