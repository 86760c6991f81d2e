import { type EndpointName, endpoints, problems } from '@serve.zone/baseos-contracts';
import { type Answer, writeAnswer } from './answer.js';
import { createContext, type HandlerContext } from './handler-context.js';
import { type CloudlyHandlersOptions, resolveOptions } from './handler-options.js';
import { judgeHeartbeat } from './judge-heartbeat.js';
import { judgeRegister } from './judge-register.js';

/** Each takes a Web-standard request and resolves with the answer; none ever rejects. */
export interface CloudlyHandlers {
  /**
   * Both endpoints, told apart by the end of the path, so that it works under any mount path: `/baseos/v1/nodes/register`
   * as well as `/cloudly/baseos/v1/nodes/register`. Anything else is answered with a 404 problem document.
   */
  fetch(this: void, request: Request): Promise<Response>;
  /** `POST /baseos/v1/nodes/register`, whatever the request's path. */
  register(this: void, request: Request): Promise<Response>;
  /** `POST /baseos/v1/nodes/heartbeat`, whatever the request's path. */
  heartbeat(this: void, request: Request): Promise<Response>;
}

/**
 * Cloudly's side of the contract, over a store.
 *
 * @throws TypeError for an option out of its bounds.
 */
export const createCloudlyHandlers = (options: CloudlyHandlersOptions): CloudlyHandlers => {
  const context = createContext(resolveOptions(options));

  return {
    fetch: (request) => respond(request, endpointOf(request), context),
    register: (request) => respond(request, 'register', context),
    heartbeat: (request) => respond(request, 'heartbeat', context),
  };
};

const respond = async (
  request: Request,
  endpoint: EndpointName | undefined,
  context: HandlerContext,
): Promise<Response> => {
  const answer = await judge(request, endpoint, context);
  if ('problem' in answer) {
    const { code, detail } = answer.problem;
    context.emit({
      kind: 'request-refused',
      ...(endpoint && { endpoint }),
      code,
      status: problems[code].status,
      ...(detail !== undefined && { detail }),
      ...(answer.claimedNodeId !== undefined && { nodeId: answer.claimedNodeId }),
    });
  }
  return writeAnswer(answer, context, request.headers.has('authorization'));
};

const judge = async (
  request: Request,
  endpoint: EndpointName | undefined,
  context: HandlerContext,
): Promise<Answer> => {
  if (!endpoint) return { problem: { code: 'not-found' } };
  if (request.method !== endpoints[endpoint].method) return { problem: { code: 'method-not-allowed' } };
  try {
    return await judges[endpoint](request, context);
  } catch (error) {
    context.report(error);
    return { problem: { code: 'unavailable' }, retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS };
  }
};

const judges = { register: judgeRegister, heartbeat: judgeHeartbeat } as const;

/** A store that fails needs time more than it needs requests. */
const UNAVAILABLE_RETRY_AFTER_MS = 30_000;

const endpointOf = (request: Request): EndpointName | undefined => {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith(endpoints.register.path)) return 'register';
  return pathname.endsWith(endpoints.heartbeat.path) ? 'heartbeat' : undefined;
};
