import type { Caller, Fleet } from '@serve.zone/baseos-cloudly-handlers';

/** What one caller does to the fleet: the calls of `Fleet`, without who calls. */
export type CallerFleet = {
  [Name in keyof Fleet]: Fleet[Name] extends (caller: Caller, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};
