import type { Caller, NeededRole } from '@serve.zone/baseos-cloudly-handlers';
import type { AnyRoute } from './route.js';

/** A request that is answered. */
export interface Visit {
  request: Request;
  /** What the server handed over beside the request. */
  info: unknown;
  /** Who it is by; absent for a route that anyone may call. */
  caller: Caller | undefined;
  /** Further headers of the answer. */
  answerHeaders: Headers;
}

/** A table of routes, and who answers them. */
export interface Service {
  routes: readonly AnyRoute[];
  /** `anyone` needs no credentials. */
  needs(this: void, call: string): NeededRole | 'anyone';
  run(this: void, visit: Visit, call: string, args: readonly unknown[]): Promise<unknown>;
}
