import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';
import { PRACTICE_AMOUNTS, type PracticeCase } from '../strings.ts';

/** Nobody may take practice for business: these words stay on top whatever else is shown. */
export function PracticeBanner(): VNode {
  const { strings } = useLanguage();
  return (
    <p class="practice-banner">
      <strong>{strings.practice}</strong>
    </p>
  );
}

interface PracticeGuideProps {
  readonly onChoose: (amount: string, code: string) => void;
}

/** A tour through what can go wrong: each line fills the form with an amount and a made-up code. */
export function PracticeGuide({ onChoose }: PracticeGuideProps): VNode {
  const { strings } = useLanguage();
  const cases = Object.entries(PRACTICE_AMOUNTS) as readonly (readonly [PracticeCase, string])[];
  return (
    <section class="practice-guide" aria-label={strings.practiceGuide}>
      <h2>{strings.practiceGuide}</h2>
      <p>{strings.practiceHint}</p>
      <ul>
        {cases.map(([name, amount]) => (
          <li key={name}>
            <button type="button" class="practice-case" onClick={() => onChoose(amount, practiceCode())}>
              <span class="practice-amount">{amount}</span> <span>{strings.practiceCases[name]}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A code in the shape of a wallet's: 18 digits, never the same twice. */
function practiceCode(): string {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte % 10);
  return `28${digits.join('')}`;
}
