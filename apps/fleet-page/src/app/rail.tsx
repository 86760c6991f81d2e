import type { JSX } from 'preact';
import type { NeededRole } from '@serve.zone/baseos-cloudly-handlers';
import { connection } from '../live/feed.js';
import { summary } from '../live/counts.js';
import { here, urlOf } from '../route/here.js';
import { endSession } from '../session/begin-session.js';
import { may } from '../session/may.js';
import { me } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { isKeySheetOpen } from './is-key-sheet-open.js';
import { hasView } from './view.js';
import { chooseTheme, theme, type Theme, themes } from './theme.js';

interface Link {
  path: string;
  text: string;
  needed: NeededRole;
  count?: () => number | undefined;
}

const links: readonly Link[] = [
  { path: 'nodes', text: 'Nodes', needed: 'view', count: () => summary.value?.nodeCount },
  { path: 'approvals', text: 'Approvals', needed: 'operate', count: () => summary.value?.states.pending || undefined },
  { path: 'join-tokens', text: 'Join tokens', needed: 'operate' },
  { path: 'audit', text: 'Audit', needed: 'view' },
  { path: 'settings', text: 'Settings', needed: 'view' },
];

const connections = {
  connecting: { look: 'wait', icon: 'dot', text: 'Connecting', title: 'The page has not heard of the server yet' },
  live: { look: '', icon: 'dot', text: 'Live', title: 'Changes appear without a reload' },
  polling: { look: '', icon: 'dot', text: 'Live, every 5 s', title: 'Something on the way holds streams back' },
  lost: { look: 'stale', icon: 'warn', text: 'Reconnecting', title: 'The server does not answer' },
} as const;

const themeWords: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

/** Where one can go, whether the page is live, and who is signed in. */
export function Rail(): JSX.Element {
  const { look, icon, text, title } = connections[connection.value];
  const [current] = here.value.path;
  const { name = '', role = 'view', scope, kind } = me.value ?? {};
  const nextTheme = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  return (
    <header class="rail">
      <Button icon="menu" look="x menu-b" label="Menu" opens="nav" />
      <a class="brand" href={urlOf(['nodes'])} aria-label="Cloudly">
        <Icon name="brand" />
        <span>Cloudly</span>
      </a>
      <nav class="nav" id="nav" popover="auto" aria-label="Main" onClick={closeMenu}>
        {links
          .filter(({ path, needed }) => hasView(path) && may(needed))
          .map(({ path, text: words, count }) => (
            <a key={path} href={urlOf([path])} aria-current={current === path ? 'page' : undefined}>
              {words}
              {count?.() !== undefined && <span class="count">{count()?.toLocaleString('en-US')}</span>}
            </a>
          ))}
      </nav>
      <div class="foot">
        <p class={`live ${look}`} role="status" title={title}>
          <Icon name={icon} />
          <span>{text}</span>
        </p>
        <p class="who">
          <bdi>{name}</bdi>
          <br />
          <span class="muted">{roleWords[role]}</span>
        </p>
        <Button icon="user" look="x" label={`Account of ${name}`} opens="me" />
      </div>
      <div class="pop" id="me" popover="auto">
        <p class="hint">
          Signed in as <bdi>{name}</bdi>, role {role}
          {scope !== undefined && (
            <>
              , for <code>{scope}</code>
            </>
          )}
        </p>
        <button class="item" type="button" onClick={() => chooseTheme(nextTheme)}>
          Theme: {themeWords[theme.value]}
        </button>
        <button class="item" type="button" onClick={() => openKeySheet()}>
          Keyboard shortcuts <kbd>?</kbd>
        </button>
        {kind === 'operator' && (
          <>
            <hr />
            <button class="item" type="button" onClick={() => void endSession()}>
              Sign out
            </button>
          </>
        )}
      </div>
    </header>
  );
}

const roleWords = { view: 'View', operate: 'Operate', admin: 'Admin' } as const;

function openKeySheet(): void {
  document.getElementById('me')?.hidePopover();
  isKeySheetOpen.value = true;
}

/** On a phone, the links are a menu, which has done its work. */
function closeMenu(event: MouseEvent): void {
  const { currentTarget: menu } = event;
  if (
    event.target instanceof Element &&
    event.target.closest('a') &&
    menu instanceof HTMLElement &&
    menu.matches(':popover-open')
  ) {
    menu.hidePopover();
  }
}
