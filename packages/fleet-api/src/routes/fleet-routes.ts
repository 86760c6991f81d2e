import { decisionRoutes } from './decision-routes.js';
import { nodeRoutes } from './node-routes.js';
import { profileRoutes } from './profile-routes.js';

/** Every call of the fleet as a request. */
export const fleetRoutes = { ...nodeRoutes, ...profileRoutes, ...decisionRoutes };
