import type { VNode } from 'preact';
import { CARD_GROUPS, type CardGroup, type CardName, fileOf, textOf } from '../command-cards.ts';
import { useLanguage } from '../language.ts';
import { hrefOf } from '../route.ts';
import type { Strings } from '../strings/strings.ts';

/** The sheet of codes by which a scanner alone does what fingers do; made to be printed. */
export function CommandsScreen(): VNode {
  const words = useLanguage().strings.commands;
  return (
    <main class="screen commands-screen">
      <header class="commands-head">
        <div>
          <h1>{words.title}</h1>
          <p>{words.intro}</p>
        </div>
        <div class="commands-tools">
          <a class="button" href={hrefOf({ screen: 'terminal' })}>
            {words.back}
          </a>
          <button type="button" class="button" onClick={() => window.print()}>
            {words.print}
          </button>
        </div>
      </header>
      {Object.entries(CARD_GROUPS).map(([group, cards]) => (
        <section class="commands-group" key={group}>
          <h2>{words.groups[group as CardGroup]}</h2>
          <ul class="commands-cards">
            {cards.map((card) => (
              <Card key={card} card={card} words={words} />
            ))}
          </ul>
        </section>
      ))}
      <div class="commands-help">
        <section class="panel">
          <h2>{words.stepsTitle}</h2>
          <ol>
            {words.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
        <section class="panel">
          <h2>{words.slipTitle}</h2>
          <p>{words.slipIntro}</p>
          <dl>
            {words.slips.map(({ text, meaning }) => (
              <div key={text}>
                <dt>
                  <code>{text}</code>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </main>
  );
}

interface CardProps {
  readonly card: CardName;
  readonly words: Strings['commands'];
}

function Card({ card, words }: CardProps): VNode {
  return (
    <li class="command-card">
      <img src={`commands/${fileOf(card)}`} alt={textOf(card)} width="132" height="132" />
      <span>{card in words.cards ? words.cards[card as keyof typeof words.cards] : card}</span>
    </li>
  );
}
