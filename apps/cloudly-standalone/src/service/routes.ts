/** Who answers `GET` and `HEAD` of each path. */
export type Routes = Readonly<Record<string, () => Response | Promise<Response>>>;

/** What a request of one of the paths is answered with; `undefined` for every other request. */
export function answerFrom(routes: Routes, { method, url }: Request): Response | Promise<Response> | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const { pathname } = new URL(url);
  return Object.hasOwn(routes, pathname) ? routes[pathname]?.() : undefined;
}

/** For what is true at this moment alone. */
export const noStore = { 'cache-control': 'no-store' };
