import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';

export function TerminalScreen(): VNode {
  const { strings } = useLanguage();
  return (
    <main class="screen terminal-screen">
      <h1>{strings.terminal.title}</h1>
    </main>
  );
}
