import { type EndpointName, endpoints, problems } from '@serve.zone/baseos-contracts';
import { type Answer, type Speaker, writeAnswer } from './answer.js';
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
  const write = (answer: Answer, speaker: Speaker): Response => {
    tellOfRefusal(answer, endpoint, context);
    return writeAnswer(answer, speaker, request.headers.has('authorization'));
  };
  try {
    return write(await judge(request, endpoint, context), context);
  } catch (error) {
    context.report(error);
    // What failed may be the given clock.
    return write(unavailable, { cloudlyId: context.cloudlyId, now: Date.now });
  }
};

const judge = async (
  request: Request,
  endpoint: EndpointName | undefined,
  context: HandlerContext,
): Promise<Answer> => {
  if (!endpoint) return { problem: { code: 'not-found' } };
  if (request.method !== endpoints[endpoint].method) return { problem: { code: 'method-not-allowed' } };
  return judges[endpoint](request, context);
};

const tellOfRefusal = (answer: Answer, endpoint: EndpointName | undefined, { emit }: HandlerContext): void => {
  if (!('problem' in answer)) return;
  const { code, detail } = answer.problem;
  emit({
    kind: 'request-refused',
    ...(endpoint && { endpoint }),
    code,
    status: problems[code].status,
    ...(detail !== undefined && { detail }),
    ...(answer.claimedNodeId !== undefined && { nodeId: answer.claimedNodeId }),
  });
};

const judges = { register: judgeRegister, heartbeat: judgeHeartbeat } as const;

/** A store that fails needs time more than it needs requests. */
const unavailable: Answer = { problem: { code: 'unavailable' }, retryAfterMs: 30_000 };

/** By its path's end; a request that names no URL has no endpoint. */
const endpointOf = (request: Request): EndpointName | undefined => {
  const pathname = URL.parse(request.url)?.pathname ?? '';
  if (pathname.endsWith(endpoints.register.path)) return 'register';
  return pathname.endsWith(endpoints.heartbeat.path) ? 'heartbeat' : undefined;
};
