import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import type { Connection } from '../bridge.ts';
import { useLanguage } from '../language.ts';
import { Icon } from './icon.tsx';

/** Covers the screen while the terminal cannot be heard, because everything below may be out of date. */
export function ConnectionOverlay({ connection }: { readonly connection: Connection }): VNode | null {
  const { strings } = useLanguage();
  switch (connection) {
    case 'connecting':
    case 'live':
      return null;
    case 'lost':
      return <Overlay title={strings.lostTitle} sentence={strings.lostSentence} hint={strings.lostRetry} />;
    case 'refused':
      return <Overlay title={strings.refusedTitle} sentence={strings.refusedSentence} hint={null} />;
    default:
      return assertNever(connection);
  }
}

interface OverlayProps {
  readonly title: string;
  readonly sentence: string;
  readonly hint: string | null;
}

function Overlay({ title, sentence, hint }: OverlayProps): VNode {
  return (
    <div class="overlay" role="alert">
      <Icon name="unplugged" />
      <p class="overlay-title">{title}</p>
      <p class="overlay-sentence">{sentence}</p>
      {hint !== null && <p class="overlay-hint">{hint}</p>}
    </div>
  );
}
