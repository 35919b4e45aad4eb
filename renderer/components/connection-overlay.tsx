import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import type { Connection } from '../../shared/bridge.ts';
import { useLanguage } from '../language.ts';
import { Icon } from './icon.tsx';

interface ConnectionOverlayProps {
  readonly connection: Connection;
  /** A customer is told nothing about the terminal; the cashier's own screen says it. */
  readonly isForCustomer: boolean;
}

/** Covers the screen while the terminal cannot be heard, because everything below may be out of date. */
export function ConnectionOverlay({ connection, isForCustomer }: ConnectionOverlayProps): VNode | null {
  const { strings } = useLanguage();
  const words = strings.shell;
  if (isForCustomer) return null;
  switch (connection) {
    case 'connecting':
    case 'live':
      return null;
    case 'lost':
      return <Overlay title={words.lostTitle} sentence={words.lostSentence} hint={words.lostRetry} />;
    case 'refused':
      return <Overlay title={words.refusedTitle} sentence={words.refusedSentence} hint={null} />;
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
