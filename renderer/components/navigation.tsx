import type { VNode } from 'preact';
import { useLanguage } from '../language.ts';
import { hrefOf, type Route } from '../route.ts';
import { LANGUAGE_NAMES, LOCALES } from '../strings/languages.ts';
import { useTill } from '../till.ts';
import { Icon, type IconName } from './icon.tsx';

/** The way between screens, with what is in doubt on every one of them. */
export function Navigation({ route }: { readonly route: Route }): VNode {
  const { snapshot, actions, preferences } = useTill();
  const { strings, language } = useLanguage();
  const words = strings.shell;
  const { count } = snapshot.inDoubt;
  const other = language === 'zh' ? 'en' : 'zh';
  const entry = (target: Route, name: string, icon: IconName, isCurrent: boolean, badge?: VNode | false) => (
    <li>
      <a class="nav-link" href={hrefOf(target)} aria-current={isCurrent ? 'page' : undefined}>
        <Icon name={icon} />
        <span>{name}</span>
        {badge}
      </a>
    </li>
  );
  return (
    <nav class="nav" aria-label={words.screens}>
      <ul class="nav-links">
        {entry({ screen: 'collect' }, words.collect, 'ready', route.screen === 'collect')}
        {entry(
          { screen: 'orders', text: '' },
          words.orders,
          'orders',
          route.screen === 'orders' || route.screen === 'order',
        )}
        {entry(
          { screen: 'in-doubt' },
          words.inDoubt,
          'in_doubt',
          route.screen === 'in-doubt',
          count > 0 && (
            <span class="badge" data-count={count}>
              <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
              <span class="visually-hidden">{words.inDoubtCount(count)}</span>
            </span>
          ),
        )}
        {entry({ screen: 'terminal' }, words.terminal, 'terminal', route.screen === 'terminal')}
      </ul>
      <div class="nav-tools">
        <span class="line" data-online={snapshot.online}>
          <span class="visually-hidden">{snapshot.online ? words.online : words.offline}</span>
        </span>
        <button type="button" class="nav-tool" onClick={() => actions.ask({ type: 'shortcuts' })}>
          <span aria-hidden="true">?</span>
          <span class="visually-hidden">{words.shortcuts}</span>
        </button>
        <button
          type="button"
          class="nav-tool"
          lang={LOCALES[other]}
          onClick={() => preferences.change({ language: other })}
        >
          {LANGUAGE_NAMES[other]}
        </button>
      </div>
    </nav>
  );
}
