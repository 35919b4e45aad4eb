import type { ComponentChildren, VNode } from 'preact';
import { Icon } from './icon.tsx';

/** `good` and `bad` come with a sign, so that no colour has to be seen. */
type FactTone = 'plain' | 'good' | 'bad';

interface FactProps {
  readonly name: string;
  readonly tone?: FactTone;
  readonly children: ComponentChildren;
}

/** One line of a panel: what it is called and how it stands. */
export function Fact({ name, tone = 'plain', children }: FactProps): VNode {
  return (
    <div class="fact" data-tone={tone}>
      <dt>{name}</dt>
      <dd>
        {tone !== 'plain' && <Icon name={tone === 'good' ? 'hand_over' : 'in_doubt'} />}
        <span>{children}</span>
      </dd>
    </div>
  );
}

interface PanelProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A card with a heading. */
export function Panel({ title, children }: PanelProps): VNode {
  return (
    <section class="panel terminal-panel">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
