import type { VNode } from 'preact';
import { hrefOf } from '../route.ts';
import { LANGUAGE_NAMES, type Language, LOCALES } from '../strings/languages.ts';
import { useTill } from '../till.ts';
import { useTerminalWords } from '../terminal-words.ts';
import { Choices } from './choices.tsx';
import { Panel } from './facts.tsx';

/** How this window looks and sounds, and the pages that stand beside it. */
export function PreferencesPanel(): VNode {
  const { snapshot, preferences: control } = useTill();
  const { preferences, change } = control;
  const words = useTerminalWords();
  return (
    <Panel title={words.screen}>
      <Choices
        legend={words.language}
        labels={LANGUAGE_NAMES}
        languages={LOCALES}
        chosen={preferences.language}
        onChange={(language) => change({ language })}
      />
      <Choices
        legend={words.theme}
        labels={words.themes}
        chosen={preferences.theme}
        onChange={(theme) => change({ theme })}
      />
      <Choices
        legend={words.textSize}
        labels={words.textSizes}
        chosen={preferences.textSize}
        onChange={(textSize) => change({ textSize })}
      />
      <Choices
        legend={words.sound}
        labels={words.sounds}
        chosen={preferences.sound}
        onChange={(sound) => change({ sound })}
      />
      <div class="terminal-links">
        <a class="button" href={hrefOf({ screen: 'customer' })} target="_blank" rel="noopener">
          {words.customerDisplay}
        </a>
        <a class="button" href={commandCardsHref(preferences.language, snapshot.practice)}>
          {words.commandCards}
        </a>
        <a class="button" href="./service.html">
          {words.service}
        </a>
      </div>
    </Panel>
  );
}

/** A page without script, one for each language; it shows that this is practice where the address says so. */
function commandCardsHref(language: Language, isPractice: boolean): string {
  return `./command-cards-${language}.html${isPractice ? '#practice' : ''}`;
}
