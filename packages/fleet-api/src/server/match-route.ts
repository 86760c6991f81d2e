import { FleetApiError } from '../problems/fleet-api-error.js';
import { matchPath } from '../route/path-template.js';
import type { AnyRoute } from '../route/route.js';
import type { Service } from '../route/service.js';

const PREFIX = '/api/v1';

export interface Matched {
  service: Service;
  route: AnyRoute;
  params: Record<string, string>;
}

/**
 * The route of a request, under any mount path.
 *
 * @throws FleetApiError if there is none
 */
export function matchRoute(services: readonly Service[], method: string, pathname: string): Matched {
  const path = pathBelowPrefix(pathname);
  const found = services.flatMap((service) =>
    service.routes.flatMap((route) => {
      const params = path === undefined ? undefined : matchPath(route.path, path);
      return params ? [{ service, route, params }] : [];
    }),
  );
  // A path in words comes before one with a name in their place.
  const [best] = found.toSorted((one, other) => namesIn(one.route) - namesIn(other.route));
  if (!best) {
    throw new FleetApiError('not-found', 'There is no such path', {
      remedy: `Check the path, which begins with ${PREFIX}. Servers of another version may have other paths.`,
    });
  }
  const samePath = found.filter(({ route }) => route.path === best.route.path);
  const matched = samePath.find(({ route }) => route.method === method);
  if (matched) return matched;
  const allow = samePath.map(({ route }) => route.method);
  throw new FleetApiError('method-not-allowed', 'The path does not accept this method', {
    remedy: `Use ${allow.join(' or ')}.`,
    allow,
  });
}

function pathBelowPrefix(pathname: string): string | undefined {
  const start = `${pathname}/`.indexOf(`${PREFIX}/`);
  return start === -1 ? undefined : pathname.slice(start + PREFIX.length);
}

function namesIn({ path }: AnyRoute): number {
  return path.split('{').length;
}
