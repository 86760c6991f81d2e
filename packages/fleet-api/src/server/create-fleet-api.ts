import { type Caller, createEventFeed, type Fleet, type FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import {
  BODY_TIMEOUT_MS,
  clientKey,
  createDrain,
  createInFlight,
  requireRole,
  startTimer as startRealTimer,
  type StartTimer,
} from '@serve.zone/baseos-cloudly-handlers/mounting';
import type { StreamLimits } from '../event-stream/stream-places.js';
import { streamService } from '../event-stream/stream-service.js';
import type { Operators } from '../operators/operators.js';
import { FleetApiError } from '../problems/fleet-api-error.js';
import { formatRevision } from '../route/revision-tag.js';
import type { AnyRoute } from '../route/route.js';
import { createAdmit } from './admit.js';
import { createBulkRunner } from './bulk-runner.js';
import { createBulkUpkeep } from './bulk-upkeep.js';
import { exportService } from './export-service.js';
import { type Matched, matchRoute } from './match-route.js';
import { readParts } from './read-parts.js';
import { jsonResponse, problemResponse, streamResponse } from './responses.js';
import type { Visit } from '../route/service.js';
import { servicesOf } from './services.js';

export interface FleetApiOptions extends StreamLimits {
  fleet: Fleet;
  /** `store.onNews`: says when there are events to read. @default none, so that events are told after five seconds at the latest */
  onNews?: FleetStore['onNews'] | undefined;
  /**
   * Who sends a request: resolves with `undefined` if it has no valid credentials. Throw a {@link FleetApiError} to refuse it for
   * another reason.
   *
   * @param info what the server hands over beside the request
   */
  authenticate: (request: Request, info: unknown) => Caller | undefined | Promise<Caller | undefined>;
  /**
   * The address of the client that sent a request, by which credentials that are not valid are counted. `clientAddress` of
   * `@serve.zone/baseos-cloudly-handlers/node` gives it for Node's servers.
   *
   * @default none, so that there is no such limit
   */
  clientAddress?: ((request: Request, info: unknown) => string | undefined) | undefined;
  /** The operators of a server that has its own. Without them, there are no such routes. */
  operators?: Operators | undefined;
  /** Gets what makes a request fail that is not the client's fault. */
  onError?: ((error: unknown) => void) | undefined;
  /** How long a body may take to arrive. @default 20 seconds */
  bodyTimeoutMs?: number | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** @default Math.random */
  random?: (() => number) | undefined;
  /** @default the timers of the runtime */
  startTimer?: StartTimer | undefined;
}

export interface FleetApi {
  /** Answers a request of an operator, under any mount path: `/api/v1/nodes` as well as `/cloudly/api/v1/nodes`. Never rejects. */
  fetch(this: void, request: Request, info?: unknown): Promise<Response>;
  /** How many streams of events are open now. */
  countStreams(this: void): number;
  /**
   * Goes on with jobs that another process has left: call this every few seconds. It returns at once, and looks once a minute.
   */
  runUpkeep(this: void): void;
  /** Shuts down: streams end, and further requests are answered with 503. Resolves when those in flight have their answers. */
  drain(this: void): Promise<void>;
}

/** Of one caller. Streams count apart. */
const IN_FLIGHT_MAX = 32;

/** The operators' API over a fleet. */
export function createFleetApi(options: FleetApiOptions): FleetApi {
  const { fleet, authenticate, operators, clientAddress, onError, bodyTimeoutMs = BODY_TIMEOUT_MS } = options;
  const { onNews = () => () => undefined, now, random = Math.random, startTimer = startRealTimer } = options;
  const report = (error: unknown): void => onError?.(error);
  const feed = createEventFeed({ fleet, onNews, onTrouble: onError, now });
  const streams = streamService({ ...options, feed, startTimer, random, onError: report });
  const runner = createBulkRunner({ fleet, onError: report });
  const exports = exportService(fleet);
  const services = servicesOf({ fleet, operators, runner, exports, streams });
  const { run, drain } = createDrain();
  const addressOf = (request: Request, info: unknown): string | undefined =>
    clientKey({ see: () => request, info }, { clientAddress, report });
  const admit = createAdmit({ authenticate, addressOf, now: now ?? Date.now });
  const inFlight = createInFlight(IN_FLIGHT_MAX);
  const upkeep = createBulkUpkeep(runner, now ?? Date.now, report);

  const answer = async (request: Request, info: unknown): Promise<Response> => {
    const matched = matchRoute(services, request.method, new URL(request.url).pathname);
    const caller = await callerOf(matched, request, info);
    const leave = enter(caller, request, info);
    try {
      return await makeCall(matched, { request, info, caller, answerHeaders: new Headers() });
    } finally {
      leave();
    }
  };

  /** A stranger counts by the address, so that none takes the place of another one. */
  const enter = (caller: Caller | undefined, request: Request, info: unknown): (() => void) => {
    const key = caller?.actor ?? addressOf(request, info);
    return key === undefined ? () => undefined : (inFlight.enter(key) ?? throwBusy());
  };

  const makeCall = async ({ route, service, params }: Matched, visit: Visit): Promise<Response> => {
    const args = route.take(await readParts(route, params, visit, bodyTimeoutMs));
    return respond(route, await service.run(visit, route.call, args), visit);
  };

  /** Before anything is read: a stranger costs no more than a look at the credentials. */
  const callerOf = async (
    { route, service }: Matched,
    request: Request,
    info: unknown,
  ): Promise<Caller | undefined> => {
    const needed = service.needs(route.call);
    if (needed === 'anyone') return undefined;
    const caller = await admit(request, info);
    requireRole({ caller }, needed, `call ${route.call}`);
    return caller;
  };

  const refuse = (error: unknown, request: Request): Response => {
    const problem = problemResponse(error, request.headers.has('authorization'));
    if (problem) return problem;
    report(error);
    return unavailable('The fleet cannot answer at present', 30_000);
  };

  return {
    runUpkeep: upkeep,
    async fetch(request, info) {
      const response = await run(() => answer(request, info).catch((error: unknown) => refuse(error, request)));
      return response ?? unavailable('The server is shutting down', 5000);
    },
    countStreams: streams.countStreams,
    async drain() {
      await Promise.all([streams.drain(), exports.drain(), drain(), runner.drain()]);
    },
  };
}

function respond({ answer }: AnyRoute, result: unknown, { answerHeaders }: Visit): Response {
  const further = Object.fromEntries(answerHeaders);
  const { mediaType } = answer;
  if (mediaType !== undefined) return streamResponse(mediaType, result as ReadableStream<Uint8Array>, further);
  const revision = answer.revisionOf?.(result);
  return jsonResponse(answer.status, answer.tell(result), {
    ...further,
    ...(revision !== undefined && { etag: formatRevision(revision) }),
  });
}

function throwBusy(): never {
  throw new FleetApiError('rate-limited', `You have ${IN_FLIGHT_MAX} requests that are not answered yet`, {
    remedy: 'Send fewer at the same time.',
    retryAfterMs: 1000,
  });
}

function unavailable(message: string, retryAfterMs: number): Response {
  const remedy = 'Retry after the time given in Retry-After.';
  const error = new FleetApiError('unavailable', message, { remedy, retryAfterMs });
  return problemResponse(error, false) ?? new Response(null, { status: 503 });
}
