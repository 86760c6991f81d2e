import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { isProblemCode, problems, type ReceivedProblem, safeText } from '@serve.zone/baseos-contracts';
import type { Problem } from '../values/problem.js';
import { agentProblem } from './agent-problems.js';
import type { OwnVerdict } from './own-verdict.js';

/**
 * What prevents the node from working with Cloudly. Its code is one of the contract's problem table, or one of the
 * agent's own.
 */
export type RunnerProblem = Problem;

export type FailedOutcome = Exclude<
  OwnVerdict<RegisterOutcome | HeartbeatOutcome>,
  { kind: 'accepted' | 'accepted-legacy' | 'pending' }
>;

/** The problem that an outcome is. */
export function problemOf(outcome: FailedOutcome): RunnerProblem {
  switch (outcome.kind) {
    case 'unreachable': {
      const known = agentProblem('unreachable', { reason: readable(outcome.message, outcome.reason) });
      return retried({ ...known, remedy: outcome.remedy ?? known.remedy });
    }
    case 'timeout':
      return retried(agentProblem('timeout', { time: `${outcome.timeoutMs / 1000} s` }));
    case 'not-cloudly':
      return retried(agentProblem('not-cloudly', { status: String(outcome.status), reason: readable(outcome.reason) }));
    case 'another-cloudly':
      return retried(
        agentProblem('another-cloudly', {
          cloudlyId: readable(outcome.cloudlyId),
          ownCloudlyId: readable(outcome.ownCloudlyId),
        }),
      );
    case 'aborted':
      return retried(agentProblem('aborted'));
    case 'rate-limited':
    case 'unavailable':
      return outcome.problem ? problemOfDocument(outcome.problem) : problemOfTable(outcome.kind);
    default:
      return problemOfDocument(outcome.problem);
  }
}

function retried(problem: Problem): RunnerProblem {
  return { ...problem, remedy: `The agent retries. ${problem.remedy}` };
}

function problemOfTable(code: keyof typeof problems): RunnerProblem {
  return {
    code,
    message: `${problems[code].title}.`,
    remedy: problems[code].remedy,
  };
}

/** A newer Cloudly may report a problem that this version does not know. Its own text is then quoted. */
function problemOfDocument({ code: anyCode, title, detail, issues = [] }: ReceivedProblem): RunnerProblem {
  const code = String(anyCode);
  const known = isProblemCode(code) ? problems[code] : undefined;
  const broken = issues.map(({ path, rule }) => `${path || 'the request'} breaks the rule ${rule}`).join('; ');
  const particulars = broken === '' ? '' : `: ${readable(broken)}`;
  const said = safeText(detail?.trim(), 500);
  const quoted = said ? ` Cloudly says: "${said}"` : '';
  if (known) return { code, message: `${known.title}${particulars}.${quoted}`, remedy: known.remedy };
  const unknown = agentProblem('unknown-problem', { reason: `"${readable(title, code)}"` });
  return { ...unknown, code: safeText(code, 64) ?? unknown.code, message: `${unknown.message}${quoted}` };
}

export const notConfigured: RunnerProblem = agentProblem('not-configured');

/** Of a node that no Cloudly knows yet, and that has nothing to register with. */
export const joinTokenMissing: RunnerProblem = {
  code: 'join-token-missing',
  message: 'This device is not enrolled, and it has no join token.',
  remedy: problems['join-token-missing'].remedy,
};

/** Of a node that is dormant. */
export const nodeRevoked: RunnerProblem = problemOfTable('node-revoked');

export const cloneSuspected: RunnerProblem = problemOfTable('clone-suspected');

export const pendingApproval: RunnerProblem = agentProblem('pending-approval');

/** At the start of a node that waited for approval when it last ran. */
export const approvalUnknown: RunnerProblem = {
  code: 'pending-approval',
  message: 'This node was not approved yet when it last called Cloudly.',
  remedy:
    'Approve it in Cloudly; the node checks again on its own. It needs a join token only if Cloudly no longer lists it.',
};

/** @param reason what could not be stored, and why. */
export function notStored({ message, remedy }: Readonly<Problem>): RunnerProblem {
  return { code: 'state-not-stored', message: `${message} ${goesOn}`, remedy };
}

/** @param reason what cannot be read, and why. */
export function notReadable({ message, remedy }: Readonly<Problem>): RunnerProblem {
  return { code: 'state-not-readable', message: `${message} ${goesOn}`, remedy };
}

const goesOn = 'The agent retries on its own; no restart is needed.';

/** The problems that the notices of a store report if it is not durable. */
export const storageProblemCodes: readonly string[] = ['state-not-stored', 'state-not-readable'];

/** The first of them that a log line can hold. */
function readable(...candidates: string[]): string {
  return candidates.map((text) => safeText(text, 500)).find(Boolean) ?? 'no reason given';
}
