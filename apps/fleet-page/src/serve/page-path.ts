/** The first word of the path of each view. */
const views = ['nodes', 'approvals', 'join-tokens', 'audit', 'settings', 'invitation'] as const;

/**
 * What a path means to the page: the path of one of its files, or `view` for a view, which the page finds out itself; `undefined`
 * for a path that is not the page's. The prefix may be there, or a proxy has taken it away.
 */
export function pagePathOf(pathname: string, prefix: string): string | undefined {
  const isBelow = prefix !== '' && `${pathname}/`.startsWith(`${prefix}/`);
  const path = (isBelow ? pathname.slice(prefix.length) : pathname).replace(/^\//, '');
  if (path.startsWith('assets/')) return path;
  const [first = ''] = path.split('/', 1);
  return first === '' || views.some((name) => name === first) ? 'view' : undefined;
}
