import { type AnyEndpointName, endpoints, problems, wakeEndpoint } from '@serve.zone/baseos-contracts';
import { type Answer, type Issuer, writeAnswer } from '../messages/answer.js';
import { clientKey } from './client-key.js';
import type { HandlerContext } from '../context/handler-context.js';
import { judgeHeartbeat } from '../endpoints/judge-heartbeat.js';
import { judgeRegister } from '../endpoints/judge-register.js';
import { judgeWake } from '../endpoints/judge-wake.js';
import { limitFailures } from '../endpoints/limit-attempts.js';
import type { ServedAnswer } from '../messages/served-answer.js';
import type { ServedRequest } from '../messages/served-request.js';
import { spreadMs } from '../waking/spread.js';

/** The properties of a request before it is judged. */
export interface Attempt {
  request: ServedRequest;
  /** Absent if the path names none. */
  endpoint: AnyEndpointName | undefined;
}

/** The answer to a request, even if something fails. */
export async function respond(attempt: Attempt, context: HandlerContext): Promise<ServedAnswer> {
  try {
    context.upSinceMs();
    const answer = await judge(attempt, context);
    return reportAndWrite(answer, attempt, context, context);
  } catch (error) {
    context.report(error);
    return refuse(unavailable, attempt, context);
  }
}

/** The answer to a request that arrives after the shutdown has begun. */
export function respondDraining(attempt: Attempt, context: HandlerContext): ServedAnswer {
  // Those that wait have nothing else to do, and there are many of them.
  const isWait = attempt.endpoint === 'wake';
  return refuse(isWait ? { ...draining, retryAfterMs: spreadMs(context.random) } : draining, attempt, context);
}

async function judge({ request, endpoint }: Attempt, context: HandlerContext): Promise<Answer> {
  // A request with another method does not count: devices use it to check whether a Cloudly is there.
  if (endpoint && request.method !== methods[endpoint]) return { problem: { code: 'method-not-allowed' } };
  const address = clientKey(request, context);
  if (!endpoint) return limitFailures(address, context, async () => ({ problem: { code: 'not-found' } }));
  return judges[endpoint](request, address, context);
}

const judges = { register: judgeRegister, heartbeat: judgeHeartbeat, wake: judgeWake } as const satisfies Record<
  AnyEndpointName,
  unknown
>;

const methods: Readonly<Record<AnyEndpointName, string>> = {
  register: endpoints.register.method,
  heartbeat: endpoints.heartbeat.method,
  wake: wakeEndpoint.method,
};

/** A failing store needs time, not requests. */
const unavailable: Answer = { problem: { code: 'unavailable' }, retryAfterMs: 30_000 };

/** Another process is available soon, or already. */
const draining: Answer = { problem: { code: 'unavailable', detail: 'Cloudly is shutting down.' }, retryAfterMs: 5000 };

/** By the system's clock, because the given one may have failed. */
function refuse(answer: Answer, attempt: Attempt, context: HandlerContext): ServedAnswer {
  return reportAndWrite(answer, attempt, context, { cloudlyId: context.cloudlyId, now: Date.now });
}

function reportAndWrite(answer: Answer, attempt: Attempt, context: HandlerContext, issuer: Issuer): ServedAnswer {
  reportRefusal(answer, attempt.endpoint, context);
  const { endpoint, request } = attempt;
  return writeAnswer(answer, issuer, {
    endpoint,
    hadCredential: typeof request.headers.get('authorization') === 'string',
  });
}

function reportRefusal(answer: Answer, endpoint: AnyEndpointName | undefined, { emit }: HandlerContext): void {
  if (!('problem' in answer)) return;
  const { code, detail } = answer.problem;
  emit({
    kind: 'request-refused',
    ...(endpoint && { endpoint }),
    code,
    status: problems[code].status,
    ...(detail !== undefined && { detail }),
    ...(answer.claimedNodeId !== undefined && { nodeId: answer.claimedNodeId }),
    ...(answer.claimedApprovalCode !== undefined && { approvalCode: answer.claimedApprovalCode }),
  });
}
