import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';

export function CommandsScreen(): VNode {
  const { strings } = useLanguage();
  return (
    <main class="screen commands-screen">
      <h1>{strings.commands.title}</h1>
    </main>
  );
}
