import type { CallerOperators } from '../operators/caller-operators.js';
import { routesOf } from '../route/route.js';

/** Makes the route of a call of the operators. */
export const operatorRoute = routesOf<CallerOperators>();
