import type { CallerFleet, FollowedEvents } from '@serve.zone/baseos-cloudly-handlers';
import { startTimer as startRealTimer, type StartTimer } from '@serve.zone/baseos-cloudly-handlers/mounting';
import type { CallerOperators } from '../operators/caller-operators.js';
import { fleetRoutes } from '../routes/fleet-routes.js';
import { operatorRoutes } from '../routes/operator-routes.js';
import { followBulk } from './follow-bulk.js';
import { followEvents, type FollowEventsOptions } from './follow-events.js';
import { type Connection, sendCall } from './send-call.js';

export interface FleetClientOptions {
  /** Where the server is: the URL in front of `/api/v1`. */
  url: string;
  /** An API token, or what gives one for each request. Without one, the requests have the cookies of the runtime. */
  token?: string | (() => string | Promise<string>) | undefined;
  /** @default the runtime's */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** How long a request may take. @default 30 seconds */
  timeoutMs?: number | undefined;
  /** @default the timers of the runtime */
  startTimer?: StartTimer | undefined;
  /** @default Math.random */
  random?: (() => number) | undefined;
}

/** The fleet and its operators, of a server that has its own. */
export interface FleetClient extends CallerFleet, CallerOperators {
  /**
   * Events as they happen, until the signal aborts. It connects again by itself: no event is lost, and none comes twice. The first
   * of them is the place from which it goes.
   */
  followEvents(this: void, options: FollowEventsOptions): AsyncGenerator<FollowedEvents, void, undefined>;
}

const TIMEOUT_MS = 30_000;

/**
 * The fleet of a server, by its API: the same calls as on a store. They reject with a `FleetError` for what the fleet rejects, and
 * with a `FleetApiError` for what does not reach it.
 *
 * @throws TypeError for a URL that is none of a server
 */
export function createFleetClient(options: FleetClientOptions): FleetClient {
  const { url, token, fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS } = options;
  const { startTimer = startRealTimer, random = Math.random } = options;
  const connection: Connection = {
    baseUrl: `${serverUrl(url)}/api/v1`,
    fetch: (target, init) => fetch(target, init),
    timeoutMs,
    startTimer,
    random,
    async headers() {
      const given = typeof token === 'function' ? await token() : token;
      return given === undefined ? {} : { authorization: `Bearer ${given}` };
    },
  };
  const calls = [...Object.values(fleetRoutes), ...Object.values(operatorRoutes)].map((route) => [
    route.call,
    async (...args: unknown[]) => sendCall(connection, route, args),
  ]);
  const client = Object.fromEntries(calls) as CallerFleet & CallerOperators;
  return {
    ...client,
    runBulk: (jobId, how) => followBulk(client, jobId, { ...how, startTimer }),
    followEvents: (given) => followEvents(connection, given),
  };
}

function serverUrl(text: string): string {
  const url = URL.parse(text);
  const isServer =
    url && /^https?:$/.test(url.protocol) && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (isServer) return url.href.replace(/\/+$/, '');
  throw new TypeError('The URL of the server must be one with http or https, without a password, query or fragment');
}
