import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { isProblemCode, problems, type ReceivedProblem, safeText } from '@serve.zone/baseos-contracts';
import type { Explanation, Problem } from '../values/problem.js';
import type { OwnVerdict } from './own-verdict.js';

/** What stands between the node and Cloudly. Its code is one of the contract's problem table, or one of the agent's own. */
export type RunnerProblem = Problem;

export type FailedOutcome = Exclude<
  OwnVerdict<RegisterOutcome | HeartbeatOutcome>,
  { kind: 'accepted' | 'accepted-legacy' | 'pending' }
>;

const comesAgain = 'Nothing has to be done at the device: it tries again by itself.';

/** The problem that an outcome is. */
export function problemOf(outcome: FailedOutcome): RunnerProblem {
  switch (outcome.kind) {
    case 'unreachable':
      return {
        code: 'unreachable',
        message: `Cloudly cannot be reached: ${readable(outcome.message, outcome.reason)}.`,
        remedy: outcome.remedy
          ? `The agent retries. ${outcome.remedy}`
          : `${comesAgain} If it lasts, check BASEOS_CLOUDLY_URL and the device's network.`,
      };
    case 'timeout':
      return {
        code: 'timeout',
        message: `Cloudly did not answer within ${outcome.timeoutMs / 1000} s.`,
        remedy: `${comesAgain} If it lasts, check the device's network and Cloudly.`,
      };
    case 'not-cloudly':
      return {
        code: 'not-cloudly',
        message: `What answered is not the Cloudly of this node (HTTP ${outcome.status}): ${readable(outcome.reason)}.`,
        remedy: `${comesAgain} If it lasts, check BASEOS_CLOUDLY_URL and look for a proxy or a captive portal in between.`,
      };
    case 'another-cloudly':
      return {
        code: 'another-cloudly',
        message: `Another Cloudly answers (${readable(outcome.cloudlyId)}), while this node belongs to ${readable(outcome.ownCloudlyId)}.`,
        remedy:
          "It tries again by itself. If Cloudly was set up anew, reset this device's identity (empty its state directory) to enrol it there; otherwise check BASEOS_CLOUDLY_URL.",
      };
    case 'aborted':
      return { code: 'aborted', message: 'The call was ended before Cloudly answered.', remedy: comesAgain };
    case 'rate-limited':
    case 'unavailable':
      return outcome.problem ? problemOfDocument(outcome.problem) : problemOfTable(outcome.kind);
    default:
      return problemOfDocument(outcome.problem);
  }
}

function problemOfTable(code: keyof typeof problems): RunnerProblem {
  return {
    code,
    message: `${problems[code].title}.`,
    remedy: problems[code].remedy,
  };
}

/** A Cloudly that is newer may name a problem that this version has no words for. */
function problemOfDocument(problem: ReceivedProblem): RunnerProblem {
  const { title } = problem;
  const code = String(problem.code);
  const known = isProblemCode(code)
    ? problemOfTable(code)
    : {
        code: safeText(code, 64) ?? 'unknown-problem',
        message: `Cloudly says: ${readable(title, code)}.`,
        remedy: 'This version of BaseRunner does not know the problem: bring it up to date, or look at Cloudly.',
      };
  const issues = (problem.issues ?? []).map(({ path, rule }) => `${path || 'the request'} breaks the rule ${rule}`);
  const particulars = [withoutStop(problem.detail), ...issues].filter(Boolean).join('; ');
  if (particulars === '') return known;
  return { ...known, message: `${known.message.slice(0, -1)}: ${readable(particulars)}.` };
}

export const notConfigured: RunnerProblem = {
  code: 'not-configured',
  message: 'No Cloudly is configured.',
  remedy: 'Set BASEOS_CLOUDLY_URL to enrol this device; until then its status stays here.',
};

export const joinTokenMissing: RunnerProblem = {
  code: 'join-token-missing',
  message: 'This device is not enrolled, and it has no join token.',
  remedy: problems['join-token-missing'].remedy,
};

export const nodeRevoked: RunnerProblem = problemOfTable('node-revoked');

export const cloneSuspected: RunnerProblem = problemOfTable('clone-suspected');

export const pendingApproval: RunnerProblem = {
  code: 'pending-approval',
  message: 'An operator has to approve this node before it is enrolled.',
  remedy: 'Compare the approval code with the one that Cloudly shows beside the node, and approve it there.',
};

/** At the start of a node that waited for approval when it last ran. */
export const approvalUnknown: RunnerProblem = {
  code: 'pending-approval',
  message: 'This node was not approved when Cloudly last spoke of it.',
  remedy: 'Approve it in Cloudly; it asks again by itself, and needs a join token only if Cloudly no longer lists it.',
};

/** @param reason what could not be stored, and why. */
export function notStored({ message, remedy }: Readonly<Explanation>): RunnerProblem {
  return { code: 'state-not-stored', message: `${message} ${goesOn}`, remedy };
}

/** @param reason what cannot be read, and why. */
export function notReadable({ message, remedy }: Readonly<Explanation>): RunnerProblem {
  return { code: 'state-not-readable', message: `${message} ${goesOn}`, remedy };
}

const goesOn = 'The agent retries by itself; it needs no restart.';

/** The problems of which the notices of a store tell that is not durable. */
export const storageProblemCodes: readonly string[] = ['state-not-stored', 'state-not-readable'];

function readable(...candidates: string[]): string {
  return candidates.map(withoutStop).find((text) => text !== undefined) ?? 'no reason given';
}

/** For the middle of a message, which puts a full stop of its own at the end. Cut first: the text may be of any length. */
function withoutStop(text: string | undefined): string | undefined {
  return safeText(text, 500)?.replace(/[.\s]+$/, '') || undefined;
}
