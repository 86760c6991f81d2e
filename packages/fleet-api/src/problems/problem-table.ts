import type { FleetErrorCode } from '@serve.zone/baseos-cloudly-handlers';

interface ProblemKind {
  /** The HTTP status of the answer. */
  status: number;
  /** The same words for every occurrence (RFC 9457, 3.1.3). */
  title: string;
}

/** The errors of the fleet's calls. */
const ofCalls = {
  'role-insufficient': { status: 403, title: 'Your role does not allow this' },
  'node-unknown': { status: 404, title: 'There is no such node' },
  'node-ambiguous': { status: 409, title: 'Several nodes are meant' },
  'node-revoked': { status: 409, title: 'The node is revoked' },
  'revision-changed': { status: 412, title: 'It was changed in the meantime' },
  'label-invalid': { status: 422, title: 'The label is invalid' },
  'label-reserved': { status: 403, title: 'The label decides who sees a node' },
  'label-out-of-scope': { status: 403, title: 'The labels are out of your scope' },
  'selector-invalid': { status: 422, title: 'The selector cannot be read' },
  'value-invalid': { status: 422, title: 'A value is out of its bounds' },
  'approval-code-wrong': { status: 409, title: 'The node has another approval code' },
  'rival-unknown': { status: 409, title: 'There is no such process to choose' },
  'command-unknown': { status: 404, title: 'There is no such command' },
  'command-invalid': { status: 422, title: 'No node could carry out the command' },
  'commands-due': { status: 409, title: 'Too many commands of the node are due' },
  'join-token-unknown': { status: 404, title: 'There is no such join token' },
  'view-unknown': { status: 404, title: 'There is no such view' },
  'job-unknown': { status: 404, title: 'There is no such job' },
  'alert-unknown': { status: 404, title: 'There is no such alert that is open' },
  'maintenance-unknown': { status: 404, title: 'There is no such maintenance' },
  'count-changed': { status: 409, title: 'The job is about another number of nodes' },
  'job-too-large': { status: 422, title: 'The selector matches too many nodes' },
  'job-expired': { status: 409, title: 'The job was not confirmed in time' },
  'webhook-unknown': { status: 404, title: 'There is no such webhook' },
  'delivery-unknown': { status: 404, title: 'There is no such delivery' },
  'webhooks-off': { status: 409, title: 'Webhooks are off' },
  'id-taken': { status: 409, title: 'The ID is taken' },
  'rollout-unknown': { status: 404, title: 'There is no such rollout' },
  'rollout-too-large': { status: 422, title: 'The selector matches too many nodes' },
  'member-unknown': { status: 404, title: 'The rollout has no such member' },
  'member-running': { status: 409, title: 'The node may have begun a command of another rollout' },
  'state-unfit': { status: 409, title: 'The rollout is in another state' },
  'approval-needed': { status: 409, title: 'Another person must approve the rollout' },
  'approval-own': { status: 403, title: 'Nobody approves their own rollout' },
  'failures-undecided': { status: 409, title: 'Somebody must decide about what has failed' },
  'operator-unknown': { status: 404, title: 'There is no such operator' },
  'invitation-unknown': { status: 404, title: 'There is no such invitation' },
  'api-token-unknown': { status: 404, title: 'There is no such API token' },
  'session-unknown': { status: 404, title: 'There is no such session' },
  'name-taken': { status: 409, title: 'The name is taken' },
  'last-admin': { status: 409, title: 'Nobody would be left who may do everything' },
  'sign-in-failed': { status: 403, title: 'The name or the password is wrong' },
  'session-needed': { status: 403, title: 'Only somebody who has signed in may do this' },
} as const satisfies Record<FleetErrorCode, ProblemKind>;

/** The errors of the API itself. */
const ofRequests = {
  'malformed-request': { status: 400, title: 'The request does not follow the API' },
  unauthenticated: { status: 401, title: 'The request has no valid credentials' },
  'origin-refused': { status: 403, title: 'The request comes from another website' },
  'secrecy-needed': { status: 403, title: 'A password would travel in the clear' },
  'not-found': { status: 404, title: 'There is no such path' },
  'method-not-allowed': { status: 405, title: 'The path does not accept this method' },
  'content-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The request is not plain JSON' },
  misdirected: { status: 421, title: 'The request is for another server' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'The fleet cannot be reached at present' },
} as const satisfies Record<string, ProblemKind>;

/** Every problem that the API answers with. */
export const fleetProblems = { ...ofCalls, ...ofRequests };

export type RequestProblemCode = keyof typeof ofRequests;

export type FleetProblemCode = keyof typeof fleetProblems;

export function isFleetErrorCode(code: unknown): code is FleetErrorCode {
  return typeof code === 'string' && Object.hasOwn(ofCalls, code);
}

export function isRequestProblemCode(code: unknown): code is RequestProblemCode {
  return typeof code === 'string' && Object.hasOwn(ofRequests, code);
}
