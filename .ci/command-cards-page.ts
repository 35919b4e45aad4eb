import { inLanguage, type Language, LOCALES } from '../renderer/strings/languages.ts';
import { SHELL_STRINGS } from '../renderer/strings/shell.ts';
import { CARD_GROUPS, type CardGroup, type CardName, fileOf, textOf } from './command-cards-table.ts';
import { COMMAND_CARD_STRINGS } from './command-cards-text.ts';

/**
 * The sheet of codes by which a scanner alone does what fingers do, as a page without script; made to be
 * printed. That it is practice stands in its address: nothing of practice is seen without `#practice`.
 */
export function drawPage(language: Language): string {
  const words = inLanguage(COMMAND_CARD_STRINGS, language);
  const { practice, practiceMark } = inLanguage(SHELL_STRINGS, language);
  return `<!doctype html>
<!-- Made by \`npm run command-cards\`: change .ci/command-cards-*.ts instead, and run it again. -->
<html lang="${LOCALES[language]}" data-theme="system">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escaped(words.title)} · Redress</title>
    <link rel="icon" href="./icon.svg" />
    <link rel="stylesheet" href="./styles/command-cards.css" />
  </head>
  <body>
    <aside class="practice-banner" id="practice" aria-label="${escaped(practice)}">
      <strong>${escaped(practice)}</strong>
    </aside>
    <main class="screen">
      <header class="commands-head">
        <div>
          <h1>${escaped(words.title)}</h1>
          <p>${escaped(words.intro)}</p>
        </div>
        <div class="commands-tools">
          <p><kbd>Ctrl</kbd> <kbd>P</kbd> ${escaped(words.print)}</p>
          <a class="button" href="./#/terminal">${escaped(words.back)}</a>
        </div>
      </header>
${Object.entries(CARD_GROUPS)
  .map(([group, cards]) => drawGroup(words.groups[group as CardGroup], cards, words.cards))
  .join('\n')}
      <div class="commands-help">
        <section class="panel">
          <h2>${escaped(words.stepsTitle)}</h2>
          <ol>
${words.steps.map((step) => `            <li>${escaped(step)}</li>`).join('\n')}
          </ol>
        </section>
        <section class="panel">
          <h2>${escaped(words.slipTitle)}</h2>
          <p>${escaped(words.slipIntro)}</p>
          <dl>
${words.slips.map(drawSlip).join('\n')}
          </dl>
        </section>
      </div>
    </main>
    <p class="print-mark" aria-hidden="true">${escaped(practiceMark)}</p>
  </body>
</html>
`;
}

function drawGroup(
  title: string,
  cards: readonly CardName[],
  names: Readonly<Partial<Record<CardName, string>>>,
): string {
  return `      <section class="commands-group">
        <h2>${escaped(title)}</h2>
        <ul class="commands-cards">
${cards.map((card) => drawCard(card, names[card] ?? card)).join('\n')}
        </ul>
      </section>`;
}

function drawCard(card: CardName, name: string): string {
  return `          <li class="command-card">
            <img src="./command-cards/${fileOf(card)}" alt="${escaped(textOf(card))}" width="132" height="132" />
            <span>${escaped(name)}</span>
          </li>`;
}

function drawSlip({ text, meaning }: { readonly text: string; readonly meaning: string }): string {
  return `            <div>
              <dt><code>${escaped(text)}</code></dt>
              <dd>${escaped(meaning)}</dd>
            </div>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
