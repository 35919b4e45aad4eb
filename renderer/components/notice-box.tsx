import type { VNode } from 'preact';
import { noticeText, stateName } from '../explain.ts';
import { useLanguage } from '../language.ts';
import { hrefOf } from '../route.ts';
import { findOrder, type Notice } from '../state.ts';
import { useFormats, useTill } from '../till.ts';

interface NoticeBoxProps {
  /** Null where nothing was refused. */
  readonly notice: Notice | null;
  readonly onDismiss: () => void;
}

/** What a refused or unanswered call has to say, with the way to the order that stands in the way. */
export function NoticeBox({ notice, onDismiss }: NoticeBoxProps): VNode | null {
  const { strings } = useLanguage();
  const { state } = useTill();
  const formats = useFormats();
  if (notice === null) return null;
  const order = findOrder(state, notice.clientSn ?? null);
  return (
    <div class="notice" role="alert">
      <p>{noticeText(notice, strings)}</p>
      {order !== null && (
        <p>
          <strong>{formats.amount(order.amount, order.currency)}</strong> {formats.time(order.createdAtMs)} ·{' '}
          {stateName(order, strings)}
        </p>
      )}
      <div class="notice-actions">
        {notice.clientSn !== undefined && (
          <a class="button" href={hrefOf({ screen: 'order', clientSn: notice.clientSn })}>
            {strings.collect.showThatOrder}
          </a>
        )}
        <button type="button" class="button" onClick={onDismiss}>
          {strings.shell.close}
        </button>
      </div>
      <code>{notice.code}</code>
    </div>
  );
}
