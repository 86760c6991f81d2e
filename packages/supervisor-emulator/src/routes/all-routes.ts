import { isAtLeast } from '../eras/supervisor-version.js';
import { appRoutes } from './app-routes.js';
import { deviceRoutes } from './device-routes.js';
import { hostRoutes } from './host-routes.js';
import { localRoutes } from './local-routes.js';
import { logRoutes } from './log-routes.js';
import { oldPingRoute, openRoutes } from './open-routes.js';
import type { Route } from '../call/route.js';
import { serviceRoutes } from './service-routes.js';
import { stateRoutes } from './state-routes.js';

/** The endpoints of a Supervisor of this version. */
export function routesOf(version: string): readonly Route[] {
  return allRoutes.filter(({ since }) => isAtLeast(version, since));
}

/** If two routes match the same path, the newer one comes first. */
const allRoutes: readonly Route[] = [
  ...openRoutes,
  oldPingRoute,
  ...deviceRoutes,
  ...appRoutes,
  ...serviceRoutes,
  ...hostRoutes,
  ...localRoutes,
  ...logRoutes,
  ...stateRoutes,
];
