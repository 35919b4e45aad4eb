import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { LedgerCheck, TerminalReport } from '../../shared/contract.ts';
import type { Reply } from '../../shared/bridge.ts';
import { formatCount, formatSize } from '../format-count.ts';
import { useLanguage } from '../language.ts';
import { useTill } from '../till.ts';
import { useTerminalWords } from '../terminal-words.ts';
import { Fact, Panel } from './facts.tsx';
import { Problem } from './problem.tsx';
import { useSince } from './terminal-facts.tsx';

interface LedgerPanelProps extends Pick<TerminalReport, 'ledger' | 'owedCalls'> {
  /** The report can now tell more. */
  readonly onChecked: () => void;
}

/** How large the ledger is, and a check of all of it on demand, beside which the counter goes on. */
export function LedgerPanel({ ledger, owedCalls, onChecked }: LedgerPanelProps): VNode {
  const { sizeBytes, entries, lastCheck } = ledger;
  const { api } = useTill();
  const { language } = useLanguage();
  const [isRunning, setIsRunning] = useState(false);
  /** How the last check that was asked for here ended. */
  const [reply, setReply] = useState<Reply<LedgerCheck> | null>(null);
  const words = useTerminalWords();
  const run = async () => {
    if (isRunning) return;
    setReply(null);
    setIsRunning(true);
    setReply(await api['ledger.check']({}));
    setIsRunning(false);
    onChecked();
  };
  const result = reply?.ok === true ? reply.value : null;
  const shown = result ?? lastCheck;
  return (
    <Panel title={words.ledger}>
      <dl class="facts">
        <Fact name={words.size}>{formatSize(sizeBytes, language)}</Fact>
        <Fact name={words.entries}>{formatCount(entries, language)}</Fact>
        <Fact name={words.owedCalls}>{formatCount(owedCalls, language)}</Fact>
        <LastCheck check={shown} />
      </dl>
      {shown !== null && shown.problems.length > 0 && (
        <ul class="terminal-problems">
          {shown.problems.map((problem) => (
            <li key={problem}>
              <code>{problem}</code>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="button" aria-disabled={isRunning} onClick={() => void run()}>
        {isRunning ? words.checking : words.checkNow}
      </button>
      <div aria-live="polite">
        {isRunning && <p class="terminal-hint">{words.checkingHint}</p>}
        {result !== null && <p class="visually-hidden">{words.checkResult(result.problems.length)}</p>}
      </div>
      {reply?.ok === false && <Problem notice={reply.error} noReply={words.checkNoReply} />}
    </Panel>
  );
}

function LastCheck({ check }: { readonly check: LedgerCheck | null }): VNode {
  const { language } = useLanguage();
  const since = useSince();
  const words = useTerminalWords();
  if (check === null) return <Fact name={words.lastCheck}>{words.never}</Fact>;
  const { atMs, entries, orders, problems } = check;
  return (
    <Fact name={words.lastCheck} tone={problems.length === 0 ? 'good' : 'bad'}>
      {words.checkResult(problems.length)} ·{' '}
      {words.checked(formatCount(entries, language), formatCount(orders, language))} · {since(atMs)}
    </Fact>
  );
}
