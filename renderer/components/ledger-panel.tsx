import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { LedgerCheck, TerminalReport } from '../../shared/contract.ts';
import { formatCount, formatSize } from '../format-count.ts';
import { useLanguage } from '../language.ts';
import type { Notice } from '../state.ts';
import { useTill } from '../till.ts';
import { Fact, Panel } from './facts.tsx';
import { Problem } from './problem.tsx';
import { useSince } from './terminal-facts.tsx';

type Check =
  | { readonly type: 'none' }
  | { readonly type: 'running' }
  | { readonly type: 'done'; readonly result: LedgerCheck }
  | { readonly type: 'failed'; readonly problem: Notice };

interface LedgerPanelProps extends Pick<TerminalReport, 'ledger' | 'owedCalls'> {
  /** The report can now tell more. */
  readonly onChecked: () => void;
}

/** How large the ledger is, and a check of all of it on demand, beside which the counter goes on. */
export function LedgerPanel({ ledger, owedCalls, onChecked }: LedgerPanelProps): VNode {
  const { sizeBytes, entries, lastCheck } = ledger;
  const { api } = useTill();
  const { strings, language } = useLanguage();
  const [check, setCheck] = useState<Check>({ type: 'none' });
  const words = strings.terminal;
  const run = async () => {
    if (check.type === 'running') return;
    setCheck({ type: 'running' });
    const reply = await api['ledger.check']({});
    setCheck(reply.ok ? { type: 'done', result: reply.value } : { type: 'failed', problem: reply.error });
    onChecked();
  };
  const shown = check.type === 'done' ? check.result : lastCheck;
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
      <button
        type="button"
        class="button"
        aria-disabled={check.type === 'running'}
        onClick={() => void run()}
      >
        {check.type === 'running' ? words.checking : words.checkNow}
      </button>
      <div aria-live="polite">
        {check.type === 'running' && <p class="terminal-hint">{words.checkingHint}</p>}
        {check.type === 'done' && (
          <p class="visually-hidden">{words.checkResult(check.result.problems.length)}</p>
        )}
      </div>
      {check.type === 'failed' && <Problem notice={check.problem} noReply={words.checkNoReply} />}
    </Panel>
  );
}

function LastCheck({ check }: { readonly check: LedgerCheck | null }): VNode {
  const { strings, language } = useLanguage();
  const since = useSince();
  const words = strings.terminal;
  if (check === null) return <Fact name={words.lastCheck}>{words.never}</Fact>;
  const { atMs, entries, orders, problems } = check;
  return (
    <Fact name={words.lastCheck} tone={problems.length === 0 ? 'good' : 'bad'}>
      {words.checkResult(problems.length)} ·{' '}
      {words.checked(formatCount(entries, language), formatCount(orders, language))} · {since(atMs)}
    </Fact>
  );
}
