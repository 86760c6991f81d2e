import { computed, signal } from '@preact/signals';
import { prefix } from '../session/server.js';

/** Where the page is: the words of its path, and its query. */
export interface Here {
  path: readonly string[];
  query: URLSearchParams;
}

const address = signal(location.href);

export const here = computed<Here>(() => {
  const { pathname, searchParams } = new URL(address.value);
  const words = pathname.slice(prefix.length).split('/').filter(Boolean);
  return { path: words.map(decodeURIComponent), query: searchParams };
});

/** The address of a view. Parameters without a value are left out. */
export function urlOf(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter(
    (each): each is [string, string] => each[1] !== undefined && each[1] !== '',
  );
  const search = new URLSearchParams(given).toString();
  return `${prefix}/${path.map(encodeURIComponent).join('/')}${search && `?${search}`}`;
}

/** Goes to an address of the page. `isReplacing` takes the place of the current one, as for what is typed. */
export function go(url: string, isReplacing = false): void {
  if (isReplacing) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  address.value = location.href;
}

/** Follows the links of the page without loading it anew. */
export function followLinks(): void {
  addEventListener('popstate', () => (address.value = location.href));
  document.addEventListener('click', (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!isPlain || event.defaultPrevented || !link || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || !`${link.pathname}/`.startsWith(`${prefix}/`)) return;
    // A place on the same view is the browser's own business.
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    go(link.href);
    scrollTo(0, 0);
  });
}
