import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Reply, ScreenApi } from '../../shared/bridge.ts';
import type { CallResult } from '../../shared/contract.ts';
import { useErrorText, useServiceWords } from './service-words.ts';

const BYTES_PER_KILOBYTE = 1000;

/** One press writes everything that support asks for into a file, and says where it is. */
export function SupportPanel({ api }: { readonly api: ScreenApi }): VNode {
  const words = useServiceWords();
  const errorText = useErrorText();
  const [isWriting, setIsWriting] = useState(false);
  const [reply, setReply] = useState<Reply<CallResult<'diagnostics.write'>> | null>(null);
  const write = async (): Promise<void> => {
    if (isWriting) return;
    setReply(null);
    setIsWriting(true);
    setReply(await api['diagnostics.write']({}));
    setIsWriting(false);
  };
  return (
    <section class="panel service-panel">
      <h2>{words.support}</h2>
      <p>{words.supportHint}</p>
      <button type="button" class="button" aria-disabled={isWriting} onClick={() => void write()}>
        {isWriting ? words.writing : words.write}
      </button>
      <div aria-live="polite">
        {reply?.ok === true && (
          <p class="service-good">
            {words.written(reply.value.file, Math.ceil(reply.value.sizeBytes / BYTES_PER_KILOBYTE))}
          </p>
        )}
      </div>
      {reply?.ok === false && (
        <p class="notice" role="alert">
          {errorText(reply.error)} <code>{reply.error.code}</code>
        </p>
      )}
    </section>
  );
}
