import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';
import { useTill } from '../till.ts';

/**
 * Nobody may take practice for business: these words stay on top whatever else is shown. While collecting
 * they offer a tour through what can go wrong: each fills the form with an amount and a made-up code.
 */
export function PracticeBanner({ isCollecting }: { readonly isCollecting: boolean }): VNode {
  const { actions } = useTill();
  const { strings } = useLanguage();
  const words = strings.collect;
  return (
    <aside class="practice-banner" aria-label={strings.shell.practice}>
      <strong>{strings.shell.practice}</strong>
      {isCollecting && (
        <ul class="practice-cases" aria-label={words.practiceGuide}>
          {Object.entries(words.practiceCases).map(([amount, name]) => (
            <li key={amount}>
              <button
                type="button"
                class="practice-case"
                onClick={() => actions.prepare({ amount, code: practiceCode() })}
              >
                <span class="practice-amount">{amount}</span> <span>{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}

/** A code in the shape of a wallet's: 18 digits, never the same twice. */
function practiceCode(): string {
  const digits = crypto.getRandomValues(new Uint8Array(16)).map((byte) => byte % 10);
  return `28${digits.join('')}`;
}
