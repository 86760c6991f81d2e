import { routesOf } from '../route/route.js';
import type { CallerFleet } from './caller-fleet.js';

/** Makes the route of a call of the fleet. */
export const fleetRoute = routesOf<CallerFleet>();
