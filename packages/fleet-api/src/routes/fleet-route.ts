import { routesOf } from '../route/route.js';
import type { CallerFleet } from '@serve.zone/baseos-cloudly-handlers';

/** Makes the route of a call of the fleet. */
export const fleetRoute = routesOf<CallerFleet>();
