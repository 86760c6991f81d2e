/** The answers to `GET` and `HEAD` for each path. */
export type Routes = Readonly<Record<string, () => Response | Promise<Response>>>;

/** The answer to a request for one of the paths; `undefined` for every other request. */
export function answerFrom(routes: Routes, { method, url }: Request): Response | Promise<Response> | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const { pathname } = new URL(url);
  return Object.hasOwn(routes, pathname) ? routes[pathname]?.() : undefined;
}

/** For answers that are valid only at this moment. */
export const noStore = { 'cache-control': 'no-store' };
