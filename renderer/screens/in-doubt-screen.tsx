import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { isUndecided } from '../../shared/order/order.ts';
import { Icon } from '../components/icon.tsx';
import { InDoubtCard } from '../components/in-doubt-card.tsx';
import { NoticeBox } from '../components/notice-box.tsx';
import { formatCount } from '../format-count.ts';
import { byUrgency, DOUBT_GROUPS, type DoubtGroup, doubtGroupOf, drawnAtMs } from '../in-doubt.ts';
import { useLanguage } from '../language.ts';
import { type Formats, useFormats, useTerminalNow, useTill } from '../till.ts';

/** Everything the terminal still owes a final word: what needs a person first, what needs nobody last. */
export function InDoubtScreen(): VNode {
  const { state, snapshot, actions } = useTill();
  const formats = useStableFormats();
  const listed = useMemo(
    () => snapshot.orders.filter((order) => doubtGroupOf(order) !== null),
    [snapshot.orders],
  );
  const nowMs = useTerminalNow(listed.length > 0);
  return (
    <main class="screen in-doubt-screen">
      <NoticeBox notice={state.notice} onDismiss={actions.closeNotice} />
      <Summary listed={listed} />
      {DOUBT_GROUPS.map((group) => {
        const cards = listed.filter((order) => doubtGroupOf(order) === group).toSorted(byUrgency(nowMs));
        return cards.length > 0 && <Group key={group} {...{ group, cards, nowMs, formats }} />;
      })}
    </main>
  );
}

/** The same functions while language, currency and clock stay, so that cards need not be drawn again for them. */
function useStableFormats(): Formats {
  const { snapshot, state } = useTill();
  const { language } = useLanguage();
  const formats = useFormats();
  return useMemo(() => formats, [language, snapshot.currency, snapshot.timeZone, state.clockOffsetMs]);
}

interface SummaryProps {
  readonly listed: readonly OrderCard[];
}

/** The terminal's own totals: the list below may hold fewer. */
function Summary({ listed }: SummaryProps): VNode {
  const { snapshot } = useTill();
  const { strings, language } = useLanguage();
  const formats = useFormats();
  const words = strings.inDoubt;
  const { count, amount } = snapshot.inDoubt;
  if (count === 0)
    return (
      <section class="doubt-calm">
        <Icon name="ready" />
        <h1>{words.calmTitle}</h1>
        <p>{words.calmSentence}</p>
      </section>
    );
  const undecided = listed.filter((order) => isUndecided(order.state));
  const moreCount = count - undecided.length;
  const moreAmount = amount - undecided.reduce((sum, order) => sum + order.amount, 0);
  return (
    <section class="doubt-summary">
      <h1>{strings.shell.inDoubt}</h1>
      <p class="doubt-figure">
        <strong>{formatCount(count, language)}</strong> {words.orders(count)}
      </p>
      <p class="doubt-figure">
        <strong>{formats.amount(amount)}</strong> {words.atRisk}
      </p>
      {moreCount > 0 && (
        <p class="doubt-more">{words.more(formatCount(moreCount, language), formats.amount(moreAmount))}</p>
      )}
    </section>
  );
}

interface GroupProps {
  readonly group: DoubtGroup;
  readonly cards: readonly OrderCard[];
  readonly nowMs: number;
  readonly formats: Formats;
}

function Group({ group, cards, nowMs, formats }: GroupProps): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const words = strings.inDoubt;
  return (
    <section class="doubt-group" data-group={group} aria-labelledby={`doubt-${group}`}>
      <h2 id={`doubt-${group}`}>
        {words.groups[group]} <span class="doubt-count">{cards.length}</span>
      </h2>
      <p class="doubt-sentence">{words.groupSentences[group]}</p>
      <ol class="doubt-cards">
        {cards.map((order) => (
          <InDoubtCard
            key={order.clientSn}
            order={order}
            nowMs={drawnAtMs(order, nowMs)}
            formats={formats}
            actions={actions}
            isBusy={state.isBusy}
          />
        ))}
      </ol>
    </section>
  );
}
