import { deviceRoutes } from './device-routes.js';
import { hostRoutes } from './host-routes.js';
import { openRoutes } from './open-routes.js';
import type { Route } from './route.js';
import { stateRoutes } from './state-routes.js';

/** Everything that any version of the Supervisor answers. */
export const allRoutes: readonly Route[] = [...openRoutes, ...deviceRoutes, ...hostRoutes, ...stateRoutes];
