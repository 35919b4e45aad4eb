import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { LedgerPanel } from '../components/ledger-panel.tsx';
import { PracticePanel } from '../components/practice-panel.tsx';
import { PreferencesPanel } from '../components/preferences-panel.tsx';
import { Problem } from '../components/problem.tsx';
import {
  ClockPanel,
  IdentityPanel,
  KeyPanel,
  NetworkPanel,
  VersionsPanel,
} from '../components/terminal-facts.tsx';
import { useLanguage } from '../language.ts';
import { useTill } from '../till.ts';
import { useReport } from '../use-report.ts';
import { useTerminalWords } from '../terminal-words.ts';

const REPORT_INTERVAL_MS = 5000;

/** What merchant IT asks of a terminal, how this screen looks, and in practice what the gateway does next. */
export function TerminalScreen(): VNode {
  const { snapshot, api } = useTill();
  const { strings } = useLanguage();
  const words = useTerminalWords();
  const [checks, setChecks] = useState(0);
  const { report, problem } = useReport(
    () => api['terminal.get']({}),
    REPORT_INTERVAL_MS,
    `${snapshot.online} ${checks}`,
  );
  return (
    <main class="screen terminal-screen">
      <h1>{strings.shell.terminal}</h1>
      {problem !== null && <Problem notice={problem} noReply={words.noReport} />}
      {snapshot.practice && <PracticePanel />}
      <div class="terminal-panels">
        {report !== null && (
          <>
            <NetworkPanel {...report.network} />
            <KeyPanel {...report.key} />
            <ClockPanel offsetMs={report.clockOffsetMs} />
            <LedgerPanel {...report} onChecked={() => setChecks((count) => count + 1)} />
            <VersionsPanel {...report.versions} />
            <IdentityPanel report={report} />
          </>
        )}
        <PreferencesPanel />
      </div>
    </main>
  );
}
