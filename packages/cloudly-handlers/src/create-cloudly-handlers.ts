import { type AnyEndpointName, endpoints, wakeEndpoint } from '@serve.zone/baseos-contracts';
import { type Connectivity, connectivityOf } from './fleet/connectivity.js';
import { createDrain } from './serve/drain.js';
import type { StoredNode } from './fleet/node-store.js';
import { createContext } from './context/handler-context.js';
import { type CloudlyHandlersOptions, resolveOptions } from './context/handler-options.js';
import { type DirectAnswer, withDirectAnswer } from './messages/direct-answer.js';
import { type ServedAnswer, toResponse } from './messages/served-answer.js';
import type { ServedRequest } from './messages/served-request.js';
import { webRequest } from './messages/web-request.js';
import { respond, respondDraining } from './serve/respond.js';
import { createCommandEnds } from './serve/command-ends.js';
import { createSweeps } from './serve/sweeps.js';
import { createUpkeep } from './serve/upkeep.js';

/**
 * The first four take a Web-standard request and resolve with the answer; none ever rejects. `info` is passed on to
 * the option `clientAddress`.
 */
export interface CloudlyHandlers {
  /**
   * All endpoints, distinguished by the end of the path, so it works under any mount path: `/baseos/v1/nodes/register`
   * as well as `/cloudly/baseos/v1/nodes/register`. Anything else is answered with a 404 problem document.
   */
  fetch(this: void, request: Request, info?: unknown): Promise<Response>;
  /** `POST /baseos/v1/nodes/register`, whatever the request's path. */
  register(this: void, request: Request, info?: unknown): Promise<Response>;
  /** `POST /baseos/v1/nodes/heartbeat`, whatever the request's path. */
  heartbeat(this: void, request: Request, info?: unknown): Promise<Response>;
  /**
   * `GET /baseos/v1/nodes/wake`, whatever the request's path: with the option `wakeWaitMs`, a node waits here until there is
   * something for it. Abort the request's signal when its client disconnects.
   */
  wake(this: void, request: Request, info?: unknown): Promise<Response>;
  /** How many nodes wait to be woken now. */
  countWaiting(this: void): number;
  /**
   * Begins what is due in the background: to end commands whose time is up, to note nodes that are no longer heard, and to drop
   * old data. Requests begin it, too, so call this every few seconds where there may be none. It returns at once.
   */
  runUpkeep(this: void): void;
  /**
   * Shuts down: from now on requests are answered with 503 and `Retry-After`, and so are those that wait. Resolves when
   * those in flight have their answers; then the store can be closed.
   */
  drain(this: void): Promise<void>;
  /**
   * Whether a node is online, according to its interval. No node counts as offline until these handlers have run for
   * two of its intervals.
   */
  connectivityOf(this: void, stored: StoredNode): Connectivity;
}

/**
 * Cloudly's side of the contract, over a store.
 *
 * @throws TypeError for an option out of its bounds.
 */
export function createCloudlyHandlers(options: CloudlyHandlersOptions): CloudlyHandlers {
  const context = createContext(resolveOptions(options));
  const { run, drain } = createDrain();
  const background = [createUpkeep(context), createCommandEnds(context), createSweeps(context)];
  const runUpkeep = (): void => {
    for (const dueWork of background) {
      const work = dueWork();
      if (work) void run(work);
    }
  };

  const answer = async (request: ServedRequest, endpoint: AnyEndpointName | undefined): Promise<ServedAnswer> => {
    const attempt = { request, endpoint };
    const answered = await run(() => respond(attempt, context));
    runUpkeep();
    return answered ?? respondDraining(attempt, context);
  };
  const handlerOf = (endpointOf: (path: string) => AnyEndpointName | undefined): CloudlyHandlers['fetch'] => {
    const answerDirectly: DirectAnswer = (request) => answer(request, endpointOf(request.path));
    return withDirectAnswer(
      async (request, info) => toResponse(await answerDirectly(webRequest(request, info))),
      answerDirectly,
    );
  };

  return {
    fetch: handlerOf(endpointAt),
    register: handlerOf(() => 'register'),
    heartbeat: handlerOf(() => 'heartbeat'),
    wake: handlerOf(() => 'wake'),
    countWaiting: context.waking.count,
    runUpkeep,
    async drain() {
      const drained = drain();
      context.waking.drain();
      await drained;
    },
    connectivityOf: (stored) => connectivityOf(stored, context.now(), context.upSinceMs()),
  };
}

/** By the end of its path; a request without a valid URL has no endpoint. */
function endpointAt(path: string): AnyEndpointName | undefined {
  if (path.endsWith(endpoints.heartbeat.path)) return 'heartbeat';
  if (path.endsWith(wakeEndpoint.path)) return 'wake';
  return path.endsWith(endpoints.register.path) ? 'register' : undefined;
}
