import { type Caller, type Fleet, fleetRoles } from '@serve.zone/baseos-cloudly-handlers';
import { fleetRoutes } from '../routes/fleet-routes.js';
import type { Service } from './service.js';

/** The calls of the fleet. */
export function fleetService(fleet: Fleet): Service {
  return {
    routes: Object.values(fleetRoutes),
    needs: (call) => fleetRoles[call as keyof Fleet],
    async run({ caller }, call, args) {
      const method = fleet[call as keyof Fleet] as (by: Caller | undefined, ...rest: readonly unknown[]) => unknown;
      return method(caller, ...args);
    },
  };
}
