import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Reply, ScreenApi } from '../../shared/bridge.ts';
import type { ConnectionTest } from '../../shared/contract.ts';
import { useErrorText, useServiceWords } from './service-words.ts';

/** A larger difference of the clocks makes signed requests and business days wrong. */
const NOTICED_OFFSET_MS = 60_000;

interface ConnectionCheckProps {
  readonly api: ScreenApi;
  readonly apiDomain: string;
}

/** Asks the acquirer's address for an answer, and says what came; no money moves. */
export function ConnectionCheck({ api, apiDomain }: ConnectionCheckProps): VNode {
  const words = useServiceWords();
  const [isTesting, setIsTesting] = useState(false);
  const [tested, setTested] = useState<{ readonly of: string; readonly reply: Reply<ConnectionTest> } | null>(
    null,
  );
  const test = async (): Promise<void> => {
    if (isTesting) return;
    setTested(null);
    setIsTesting(true);
    setTested({ of: apiDomain, reply: await api['setup.test']({ apiDomain }) });
    setIsTesting(false);
  };
  return (
    <div class="service-check">
      <button
        type="button"
        class="button"
        aria-disabled={isTesting}
        disabled={apiDomain === ''}
        onClick={() => void test()}
      >
        {isTesting ? words.testing : words.test}
      </button>
      <div aria-live="polite">
        {/* What was said of another address says nothing of this one. */}
        {tested !== null && tested.of === apiDomain ? (
          <TestResult reply={tested.reply} />
        ) : (
          <p class="field-hint">{words.movesNoMoney}</p>
        )}
      </div>
    </div>
  );
}

function TestResult({ reply }: { readonly reply: Reply<ConnectionTest> }): VNode {
  const words = useServiceWords();
  const errorText = useErrorText();
  if (!reply.ok) return <p class="service-bad">{errorText(reply.error)}</p>;
  const { reachable, code, latencyMs, clockOffsetMs } = reply.value;
  if (!reachable) return <p class="service-bad">{words.unreachable(code ?? '?')}</p>;
  const offMs = Math.abs(clockOffsetMs ?? 0);
  return (
    <>
      <p class="service-good">{words.reachable(latencyMs ?? 0)}</p>
      {offMs >= NOTICED_OFFSET_MS && <p class="service-bad">{words.clockOff(Math.round(offMs / 1000))}</p>}
    </>
  );
}
