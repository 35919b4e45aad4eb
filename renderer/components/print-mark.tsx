import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';

/** Lies over every printed page, so that nobody takes practice for evidence; on the screen it is not seen. */
export function PrintMark(): VNode {
  const { strings } = useLanguage();
  return (
    <p class="print-mark" aria-hidden="true">
      {strings.shell.practiceMark}
    </p>
  );
}
