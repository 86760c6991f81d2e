import type { Caller } from './caller.js';
import { fleetRoles } from './fleet-roles.js';
import type { Fleet } from './fleet.js';

/** What one caller sees of the fleet and does to it: the calls of `Fleet` without their first argument. */
export type CallerFleet = {
  [Name in keyof Fleet]: Fleet[Name] extends (caller: Caller, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** The fleet for one caller. */
export function fleetFor(fleet: Fleet, caller: Caller): CallerFleet {
  const names = Object.keys(fleetRoles) as (keyof Fleet)[];
  const calls = names.map((name) => [
    name,
    (...rest: unknown[]) => Reflect.apply(fleet[name], fleet, [caller, ...rest]),
  ]);
  return Object.fromEntries(calls) as CallerFleet;
}
