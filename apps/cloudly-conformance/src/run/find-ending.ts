import type { Answer } from '../exchange/answer.js';
import type { Exchange } from '../exchange/conversation.js';
import { JOIN_TOKEN_USES } from './join-token-uses.js';
import { NoAnswer } from '../exchange/mismatch.js';
import type { RuleContext } from '../rule/rule.js';

/** Why no further rule can be tried. */
export interface Ending {
  /** For people. */
  message: string;
  /** Why the last rule counts as not tried; absent if that rule itself failed. */
  notTried?: string;
}

/**
 * After a rule that did not hold, checks whether the run can continue: the join token may no longer admit nodes, and Cloudly may
 * be gone.
 *
 * @param said the exchanges of the rule
 */
export async function findEnding(
  context: RuleContext,
  said: readonly Exchange[],
  isUnanswered: boolean,
): Promise<Ending | undefined> {
  if (isUnanswered) return (await isThere(context)) ? undefined : { message: gone };
  return said.some(isRefusedEntry(context.joinToken)) ? joinTokenEnding(context) : undefined;
}

const ATTEMPTS_MAX = 3;
const BETWEEN_ATTEMPTS_MS = 1000;

/** A service manager may restart a Cloudly that has crashed. */
async function isThere({ send, wait }: RuleContext): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (await unlessUnanswered(send({ endpoint: 'heartbeat', method: 'GET' }))) return true;
    await wait(BETWEEN_ATTEMPTS_MS);
  }
  return false;
}

const gone =
  'Cloudly stopped answering after the last rule that was tried. Check its log: a request of that rule may have stopped it.';

/** One rule may fail because of a fault of Cloudly; a join token that admits no node fails all rules that are left. */
async function joinTokenEnding(context: RuleContext): Promise<Ending | undefined> {
  const { register, newNode, joinToken, exchanges } = context;
  const answer = await unlessUnanswered(register(newNode().registration(), joinToken));
  if (!answer || !isJoinTokenProblem(answer)) return undefined;
  const admittedCount = exchanges.filter(({ request, answer: { status } }) => {
    return request.endpoint === 'register' && request.credential === joinToken && status === 201;
  }).length;
  const code = String(answer.json['code']);
  const what = code === 'join-token-used' ? 'ran out of uses' : 'no longer admits nodes';
  return {
    message: `The join token ${what} (401 ${code}) after ${admittedCount} new nodes. A whole run takes up to ${JOIN_TOKEN_USES}: give one with ${JOIN_TOKEN_USES} uses that is valid for an hour, or try fewer rules with --only.`,
    notTried: `the join token ${what}`,
  };
}

function isJoinTokenProblem({ status, json }: Answer): boolean {
  return status === 401 && typeof json['code'] === 'string' && json['code'].startsWith('join-token-');
}

function isRefusedEntry(joinToken: string) {
  return ({ request, answer }: Exchange): boolean =>
    request.endpoint === 'register' && request.credential === joinToken && isJoinTokenProblem(answer);
}

async function unlessUnanswered(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}
