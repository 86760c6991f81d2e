import { type EndpointName, endpoints, problems } from '@serve.zone/baseos-contracts';
import { addressKey } from './address-key.js';
import type { Answer } from './answer.js';
import type { HandlerContext } from './handler-context.js';

/** What a request is, before it is judged. */
export interface Attempt {
  request: Request;
  /** Absent when the path names none. */
  endpoint: EndpointName | undefined;
  info: unknown;
}

/**
 * Judges a request within the limit of its address. The devices of a place may share one address, so a heartbeat by a good
 * token is answered whatever others have done there.
 */
export const limitAttempts = async (
  attempt: Attempt,
  context: HandlerContext,
  judge: () => Promise<Answer>,
): Promise<Answer> => {
  const address = isQuestion(attempt) ? undefined : addressOf(attempt, context);
  if (address === undefined) return judge();

  const { attempts, now } = context;
  const { endpoint } = attempt;
  const waitMs = attempts.waitMs(address, now());
  if (waitMs > 0 && endpoint !== 'heartbeat') return tooMany(waitMs);
  if (endpoint === 'register') attempts.count(address, now());

  const answer = await judge();
  if (endpoint === 'register' || !isFailure(answer)) return answer;
  attempts.count(address, now());
  return waitMs > 0 && isGuess(answer) ? tooMany(waitMs) : answer;
};

/** Another method than an endpoint's tries nothing and costs nothing: by it a device asks whether a Cloudly is there. */
const isQuestion = ({ request, endpoint }: Attempt): boolean =>
  endpoint !== undefined && request.method !== endpoints[endpoint].method;

const addressOf = ({ request, info }: Attempt, { clientAddress, report }: HandlerContext): string | undefined => {
  try {
    const address = clientAddress(request, info);
    return address === undefined ? undefined : addressKey(address);
  } catch (error) {
    report(error);
    return undefined;
  }
};

const isFailure = (answer: Answer): boolean => {
  if (!('problem' in answer)) return false;
  const { status } = problems[answer.problem.code];
  return status < 500 && status !== problems['rate-limited'].status;
};

const isGuess = (answer: Answer): boolean => 'problem' in answer && answer.problem.code === 'node-token-unknown';

const tooMany = (retryAfterMs: number): Answer => ({ problem: { code: 'rate-limited' }, retryAfterMs });
