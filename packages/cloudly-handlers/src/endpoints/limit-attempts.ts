import { problems } from '@serve.zone/baseos-contracts';
import type { Answer } from '../messages/answer.js';
import type { HandlerContext } from '../context/handler-context.js';
import type { KnownTokens } from '../limits/known-tokens.js';

type Judge = () => Promise<Answer>;

/** A request that was admitted is processed completely; any other costs almost nothing. */
type Admission = { isJudged: true; answer: Answer } | { isJudged: false; waitMs: number };

/**
 * Processes requests that anybody may try, as long as their address has failures left; one is counted at once, and
 * returned for a success.
 */
export async function limitFailures(
  address: string | undefined,
  context: HandlerContext,
  judge: Judge,
): Promise<Answer> {
  if (address === undefined) return judge();
  const admission = await judgeAsStranger(address, context, judge);
  return admission.isJudged ? admission.answer : tooMany(admission.waitMs);
}

/**
 * Judges a heartbeat. With a token that is known to be valid, it is judged regardless of the address's history, because the
 * devices of a site may share one address. With any other token, it costs the address a failure unless the token proves to be
 * valid. Guesses therefore use up the address's own failures and put no load on the store.
 */
export async function limitHeartbeat(
  address: string | undefined,
  tokenHash: string,
  context: HandlerContext,
  judge: Judge,
): Promise<Answer> {
  const { knownNodeTokens, nodeRequests, failures, tokensInFlight, now } = context;
  const leave = tokensInFlight.enter(tokenHash);
  if (!leave) return tooMany(BUSY_MS);
  try {
    const isKnown = knownNodeTokens.has(tokenHash);
    // Only the store knows the node; it is not asked once the token has used up the limit of a node.
    const waitMs = isKnown ? nodeRequests.take(tokenHash, now()) : 0;
    if (waitMs > 0) return tooMany(waitMs);
    if (address === undefined) return await judge();
    if (isKnown) {
      const answer = await judge();
      if (isFailure(answer)) failures.count(address, now());
      return answer;
    }
    const admission = await judgeAsStranger(address, context, judge);
    return admission.isJudged ? admission.answer : tooMany(waitFor(knownNodeTokens, admission.waitMs));
  } finally {
    leave();
  }
}

/**
 * Judges a registration. Failures and successes have separate limits. If an address has used up its failures, a
 * registration with a valid join token is still processed: a neighbour cannot keep it from enrolling.
 *
 * @param tokenHash of a well-formed join token, `undefined` where there is none.
 */
export async function limitRegistration(
  address: string | undefined,
  tokenHash: string | undefined,
  context: HandlerContext,
  judge: Judge,
): Promise<Answer> {
  if (address === undefined) return judge();
  const { knownJoinTokens, registrations, now } = context;
  const waitMs = registrations.waitMs(address, now());
  if (waitMs > 0) return tooMany(waitMs);

  const leave = context.strangersInFlight.enter(address);
  if (leave) {
    try {
      const admission = await judgeAsStranger(address, context, judge);
      if (admission.isJudged) {
        if (!isFailure(admission.answer)) registrations.count(address, now());
        if (tokenHash !== undefined && isNewNode(admission.answer)) knownJoinTokens.add(tokenHash);
        return admission.answer;
      }
    } finally {
      leave();
    }
  }
  const strangersWaitMs = Math.max(BUSY_MS, context.failures.waitMs(address, now()));
  if (tokenHash === undefined) return tooMany(strangersWaitMs);
  if (!knownJoinTokens.has(tokenHash)) return tooMany(waitFor(knownJoinTokens, strangersWaitMs));
  return judgeByGoodJoinToken(address, tokenHash, context, judge);
}

async function judgeByGoodJoinToken(
  address: string,
  tokenHash: string,
  { knownJoinTokens, registrations, enrolmentsInFlight, now }: HandlerContext,
  judge: Judge,
): Promise<Answer> {
  const leave = enrolmentsInFlight.enter(address);
  if (!leave) return tooMany(BUSY_MS);
  try {
    const waitMs = registrations.take(address, now());
    if (waitMs > 0) return tooMany(waitMs);
    const answer = await judge();
    if (isJoinTokenRefused(answer)) knownJoinTokens.remove(tokenHash);
    return answer;
  } finally {
    leave();
  }
}

/** A failure is counted before anything is read, so that simultaneous requests cannot exceed the limit. */
async function judgeAsStranger(address: string, { failures, now }: HandlerContext, judge: Judge): Promise<Admission> {
  const waitMs = failures.take(address, now());
  if (waitMs > 0) return { isJudged: false, waitMs };
  let hasFailed = false;
  try {
    const answer = await judge();
    hasFailed = isFailure(answer);
    return { isJudged: true, answer };
  } finally {
    // A failure of Cloudly itself does not count against the client.
    if (!hasFailed) failures.giveBack(address, now());
  }
}

/** A valid token may become known as soon as all tokens have been read again. */
function waitFor(tokens: KnownTokens, waitMs: number): number {
  return tokens.refresh() ? Math.min(waitMs, BUSY_MS) : waitMs;
}

/** When to retry if all places are taken. */
const BUSY_MS = 5000;

function isFailure(answer: Answer): boolean {
  if (!('problem' in answer)) return false;
  const { status } = problems[answer.problem.code];
  return status < 500 && status !== problems['rate-limited'].status;
}

function isNewNode(answer: Answer): boolean {
  return 'status' in answer && answer.status === 201;
}

function isJoinTokenRefused(answer: Answer): boolean {
  return 'problem' in answer && answer.problem.code.startsWith('join-token-');
}

function tooMany(retryAfterMs: number): Answer {
  return { problem: { code: 'rate-limited' }, retryAfterMs };
}
