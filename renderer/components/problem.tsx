import type { VNode } from 'preact';
import { noticeText } from '../explain.ts';
import { useLanguage } from '../language.ts';
import type { Notice } from '../state.ts';

interface ProblemProps {
  readonly notice: Notice;
  /** What it means here that no answer came. */
  readonly noReply: string;
}

/** Why a reading failed; it goes away with the next one that does not. */
export function Problem({ notice, noReply }: ProblemProps): VNode {
  const { strings } = useLanguage();
  return (
    <p class="notice" role="alert">
      {notice.code === 'no_reply' ? noReply : noticeText(notice, strings)}
    </p>
  );
}
