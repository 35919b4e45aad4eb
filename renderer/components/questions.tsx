import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import { useTill } from '../till.ts';
import { GiveBackDialog } from './give-back-dialog.tsx';
import { GuardDialog } from './guard-dialog.tsx';
import { ReverseDialog } from './reverse-dialog.tsx';
import { SettleDialog } from './settle-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

/** The one question that is open, if any; it looks the same from whichever screen it was asked. */
export function Questions(): VNode | null {
  const { question } = useTill().state;
  if (question === null) return null;
  switch (question.type) {
    case 'guard':
      return <GuardDialog args={question.args} notice={question.notice} />;
    case 'revoke':
    case 'refund':
      return <GiveBackDialog by={question.type} order={question.order} />;
    case 'reverse':
      return <ReverseDialog order={question.order} />;
    case 'settle':
      return <SettleDialog order={question.order} />;
    case 'shortcuts':
      return <ShortcutsDialog />;
    default:
      return assertNever(question);
  }
}
