import type { VNode } from 'preact';
import type { Snapshot } from '../../shared/contract.ts';
import { useLanguage } from '../language.ts';

interface StatusBarProps {
  readonly snapshot: Snapshot;
  readonly onToggleLanguage: () => void;
}

/** Which terminal this is, which day it works on and whether it reaches the acquirer. */
export function StatusBar({ snapshot, onToggleLanguage }: StatusBarProps): VNode {
  const { strings, language } = useLanguage();
  return (
    <div class="status-bar">
      <h1>Redress</h1>
      <dl>
        <div>
          <dt>{strings.terminal}</dt>
          <dd>{snapshot.terminalSn}</dd>
        </div>
        <div>
          <dt>{strings.businessDay}</dt>
          <dd>{snapshot.businessDay}</dd>
        </div>
      </dl>
      <output class="line" data-online={snapshot.online}>
        {snapshot.online ? strings.online : strings.offline}
      </output>
      <button
        type="button"
        class="button button-quiet"
        lang={language === 'en' ? 'zh-CN' : 'en'}
        onClick={onToggleLanguage}
      >
        {strings.otherLanguage}
      </button>
    </div>
  );
}
