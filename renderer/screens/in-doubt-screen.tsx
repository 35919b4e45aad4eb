import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';

export function InDoubtScreen(): VNode {
  const { strings } = useLanguage();
  return (
    <main class="screen in-doubt-screen">
      <h1>{strings.inDoubt.title}</h1>
    </main>
  );
}
