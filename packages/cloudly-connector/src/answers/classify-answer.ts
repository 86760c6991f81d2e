import {
  isProblemCode,
  nodeIdSchema,
  parseHeartbeatAnswer,
  parseProblem,
  parseLegacyHeartbeatAnswer,
  parseLegacyRegisterAnswer,
  parseRegisterAnswer,
  parseWakeAnswer,
  problems,
  type Issue,
  type ProblemCode,
  type ReceivedProblem,
} from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import type {
  HeartbeatOutcome,
  NoVerdict,
  PresenceOutcome,
  RegisterOutcome,
  WakeOutcome,
} from '../outcomes/outcome.js';
import type { ReceivedAnswer } from '../transport/received-answer.js';
import { parseRetryAfter } from './retry-after.js';

/** @param nodeId the node in the request: an answer about another node does not count */
export function classifyRegisterAnswer(received: ReceivedAnswer, nodeId: string): RegisterOutcome {
  if (isSuccess(received.status)) return classifyRegisterSuccess(received, nodeId);
  const verdict = readVerdict(received);
  switch (verdict?.code) {
    case 'join-token-missing':
    case 'join-token-unknown':
    case 'join-token-expired':
    case 'join-token-used':
    case 'join-token-revoked':
      return { kind: 'join-token-rejected', code: verdict.code, problem: verdict.problem };
    case 'node-id-taken':
    case 'clone-suspected':
      return { kind: verdict.code, problem: verdict.problem };
    default:
      return classifyCommonProblem(received, verdict);
  }
}

/** @param legacy whether the answer of a legacy Cloudly is accepted, too */
export function classifyHeartbeatAnswer(received: ReceivedAnswer, legacy: boolean): HeartbeatOutcome {
  if (isSuccess(received.status)) return classifyHeartbeatSuccess(received, legacy);
  const verdict = readVerdict(received);
  return verdict?.code === 'node-token-unknown'
    ? { kind: 'node-token-rejected', problem: verdict.problem }
    : classifyCommonProblem(received, verdict);
}

/** Whatever else an answer says, nothing follows from it for the node. */
export function classifyWakeAnswer(received: ReceivedAnswer): WakeOutcome {
  const { status, body } = received;
  const problem = readProblem(received);
  if (status === 404 || status === 501) return { kind: 'not-offered', status };
  if (status === 429 || status === 503)
    return { kind: 'busy', status, ...retryAfterOf(received), ...(problem && { problem }) };
  if (problem) return { kind: 'failed', reason: `status ${status} ${problem.code}`, status, problem };
  if (!body.ok) return { kind: 'failed', reason: body.reason, status };
  const parsed = parseWakeAnswer(body.text);
  if (status === 200 && parsed.ok) {
    return { kind: parsed.value.wake ? 'woken' : 'not-woken', answer: parsed.value };
  }
  return { kind: 'failed', reason: parsed.ok ? `status ${status}` : offContract(received, parsed.issues), status };
}

/** Classifies the answer to a request without a token: a Cloudly refuses it, and says which Cloudly it is. */
export function classifyPresence(received: ReceivedAnswer): PresenceOutcome {
  const verdict = readVerdict(received);
  if (verdict?.code === 'method-not-allowed') return presentBy(verdict.problem);
  const outcome = classifyHeartbeatAnswer(received, false);
  switch (outcome.kind) {
    case 'node-token-rejected':
    case 'refused':
      return presentBy(outcome.problem);
    case 'accepted':
    case 'accepted-legacy':
    case 'revoked':
      return notCloudly(received, 'a server that accepts a request without a token');
    default:
      return outcome;
  }
}

function presentBy({ cloudlyId, serverTime }: ReceivedProblem): PresenceOutcome {
  return {
    kind: 'present',
    cloudlyId,
    serverTime,
  };
}

function classifyRegisterSuccess(received: ReceivedAnswer, nodeId: string): RegisterOutcome {
  const { status, body } = received;
  if (!body.ok) return notCloudly(received, body.reason);

  const parsed = parseRegisterAnswer(body.text);
  if (!parsed.ok) {
    const legacy = parseLegacyRegisterAnswer(body.text);
    return legacy.ok
      ? { kind: 'accepted-legacy', answer: legacy.value }
      : notCloudly(received, offContract(received, parsed.issues));
  }

  const answer = parsed.value;
  if (!answer.accepted) {
    return status === 202
      ? { kind: 'pending', answer, ...retryAfterOf(received) }
      : notCloudly(received, `status ${status} with an answer for status 202`);
  }
  if (status !== 200 && status !== 201) {
    return notCloudly(received, `status ${status} with an answer for status 200 or 201`);
  }
  if (!isSameNode(nodeId, answer.nodeId)) return notCloudly(received, 'an answer about another node');
  return { kind: 'accepted', created: status === 201, answer };
}

function classifyHeartbeatSuccess(received: ReceivedAnswer, legacy: boolean): HeartbeatOutcome {
  const { status, body } = received;
  if (!body.ok) return notCloudly(received, body.reason);

  const parsed = parseHeartbeatAnswer(body.text);
  if (parsed.ok) {
    return status === 200
      ? { kind: 'accepted', answer: parsed.value }
      : notCloudly(received, `status ${status} with an answer for status 200`);
  }
  const answer = legacy ? parseLegacyHeartbeatAnswer(body.text) : parsed;
  return answer.ok
    ? { kind: 'accepted-legacy', answer: answer.value }
    : notCloudly(received, offContract(received, parsed.issues));
}

interface ReadVerdict {
  code: ProblemCode;
  problem: ReceivedProblem;
}

/** The problems that both endpoints can return. */
function classifyCommonProblem(received: ReceivedAnswer, verdict: ReadVerdict | undefined) {
  switch (verdict?.code) {
    case 'node-revoked':
      return verdict.problem.nodeId === undefined
        ? notCloudly(received, 'a revocation that names no node')
        : ({ kind: 'revoked', problem: verdict.problem } as const);
    case 'malformed-request':
    case 'payload-too-large':
    case 'unsupported-media-type':
    case 'unsupported-protocol':
      return { kind: 'refused', problem: verdict.problem } as const;
    default:
      return classifyWithoutVerdict(received, verdict?.problem);
  }
}

function classifyWithoutVerdict(received: ReceivedAnswer, known: ReceivedProblem | undefined): NoVerdict {
  const { status, body } = received;
  const document = readProblem(received);
  // An unknown code of a newer Cloudly is worth reporting; a known one with the wrong status contradicts itself.
  const problem = known ?? (document && knownCode(document) === undefined ? document : undefined);
  const rest = { status, ...retryAfterOf(received), ...(problem && { problem }) };
  // Proxies send these two as well, with the same meaning.
  if (status === 429) return { kind: 'rate-limited', ...rest };
  if (status === 503 || problem) return { kind: 'unavailable', ...rest };
  if (!body.ok) return notCloudly(received, body.reason);
  if (document) return notCloudly(received, `status ${status} with a problem of another status`);
  return notCloudly(received, withoutProblem(received));
}

/** Only a problem in the table, with its status in the table, is a verdict. */
function readVerdict(received: ReceivedAnswer): ReadVerdict | undefined {
  const problem = readProblem(received);
  const code = problem && knownCode(problem);
  return code && problems[code].status === received.status ? { code, problem } : undefined;
}

function knownCode({ code }: ReceivedProblem): ProblemCode | undefined {
  return typeof code === 'string' && isProblemCode(code) ? code : undefined;
}

/** Several rules need the problem of an answer. Its body can be hostile, so it is parsed only once. */
function readProblem(received: ReceivedAnswer): ReceivedProblem | undefined {
  const known = problemsRead.get(received);
  if (known) return known.problem;
  const problem = problemIn(received);
  problemsRead.set(received, { problem });
  return problem;
}

const problemsRead = new WeakMap<ReceivedAnswer, { problem: ReceivedProblem | undefined }>();

function problemIn({ status, body }: ReceivedAnswer): ReceivedProblem | undefined {
  if (!body.ok || !(status >= 400 && status <= 599)) return undefined;
  const parsed = parseProblem(body.text);
  return parsed.ok ? parsed.value : undefined;
}

function notCloudly(received: ReceivedAnswer, reason: string): Extract<NoVerdict, { kind: 'not-cloudly' }> {
  return {
    kind: 'not-cloudly',
    status: received.status,
    reason,
    ...retryAfterOf(received),
  };
}

function offContract(received: ReceivedAnswer, issues: readonly Issue[]): string {
  if (isHtml(received)) return htmlPage(received);
  const [issue] = issues;
  const place = issue?.path ? ` at ${issue.path}` : '';
  return `status ${received.status} with a body that does not follow the contract${issue ? ` (${issue.rule}${place})` : ''}`;
}

function withoutProblem(received: ReceivedAnswer): string {
  if (received.status === 407) return 'a proxy that requires credentials (status 407)';
  if (received.status === 511) return 'a network that requires a login (status 511)';
  if (isHtml(received)) return htmlPage(received);
  return `status ${received.status} without a problem document of the contract`;
}

function htmlPage({ status }: ReceivedAnswer): string {
  return `an HTML page with status ${status}, as sent by captive portals, proxies and other servers`;
}

function isHtml({ contentType }: ReceivedAnswer): boolean {
  return /^\s*text\/html\b/i.test(contentType ?? '');
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Compares UUIDs in lower case, as the schema writes them. */
function isSameNode(requested: string, answered: string): boolean {
  const nodeId = v.safeParse(nodeIdSchema, requested);
  return nodeId.success && nodeId.output === answered;
}

function retryAfterOf({ retryAfter, date }: ReceivedAnswer): { retryAfterMs?: number } {
  const retryAfterMs = parseRetryAfter(retryAfter, date);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
