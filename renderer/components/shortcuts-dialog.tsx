import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';
import { SHORTCUTS } from '../input/shortcuts.ts';
import { useTill } from '../till.ts';
import { Dialog } from './dialog.tsx';

/** Every key that does something, as the shortcuts module knows them. */
export function ShortcutsDialog(): VNode {
  const { actions } = useTill();
  const { strings } = useLanguage();
  return (
    <Dialog title={strings.shell.shortcuts} onClose={actions.closeQuestion}>
      <p>{strings.shell.shortcutsHint}</p>
      <dl class="shortcuts">
        {[...SHORTCUTS].map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{strings.shell.shortcut[name]}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <button type="button" class="button" autofocus onClick={actions.closeQuestion}>
          {strings.shell.close}
        </button>
      </div>
    </Dialog>
  );
}
