import type { VNode } from 'preact';
import { noticeText } from '../explain.ts';
import { useLanguage } from '../language.ts';
import type { Notice } from '../state.ts';

interface UnreadableProps {
  readonly title: string;
  readonly notice?: Notice;
  readonly onAgain: () => void;
}

/** In the place of what could not be read: why, where that is known, and the way to ask again. */
export function Unreadable({ title, notice, onAgain }: UnreadableProps): VNode {
  const { strings } = useLanguage();
  return (
    <div class="notice" role="alert">
      <h2>{title}</h2>
      {notice && <p>{noticeText(notice, strings)}</p>}
      <div class="notice-actions">
        <button type="button" class="button" onClick={onAgain}>
          {strings.orders.readAgain}
        </button>
      </div>
    </div>
  );
}
