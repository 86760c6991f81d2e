/**
 * - `role-insufficient`: the caller's role or scope does not allow it.
 * - `node-unknown`: there is no such node in the caller's scope. So for `command-unknown`, `join-token-unknown`,
 *   `view-unknown`, `job-unknown`, `alert-unknown`, `maintenance-unknown`, `rollout-unknown` and `member-unknown`.
 * - `node-ambiguous`: several nodes are meant by the text; `candidates` has them.
 * - `node-revoked`: the node is revoked, and that has to be lifted first.
 * - `revision-changed`: it was changed since the caller read it.
 * - `label-invalid`: a label breaks the rules of Kubernetes, or there would be more than 32.
 * - `label-reserved`: a scope uses the label, so that only an admin without a scope changes it.
 * - `label-out-of-scope`: the nodes of the join token would not be in the caller's scope.
 * - `selector-invalid`: the selector cannot be read.
 * - `value-invalid`: another value is out of its bounds.
 * - `approval-code-wrong`: the node has another approval code.
 * - `rival-unknown`: the process is not one of those between which there is to choose.
 * - `command-invalid`: no node could carry out the command.
 * - `commands-due`: as many commands of the node are due as an answer lists.
 * - `count-changed`: the number of nodes that was typed is not that of the job.
 * - `job-too-large`: the selector matches more nodes than a job has.
 * - `job-expired`: it was not confirmed in time.
 * - `webhook-unknown`, `delivery-unknown`: there is no such webhook, or delivery of it.
 * - `webhooks-off`: there is no server key, or it cannot be used.
 * - `id-taken`: there is something else with the ID that the caller chose.
 * - `rollout-too-large`: the selector matches more nodes than a rollout has.
 * - `state-unfit`: the rollout is in a state in which that cannot be done.
 * - `approval-needed`: another person must approve the rollout first.
 * - `approval-own`: a rollout is not approved by who created it, nor by a program.
 * - `failures-undecided`: the rollout is paused for its failures, and somebody must say what becomes of them.
 * - `member-running`: the node may have begun the command of the rollout that holds it.
 *
 * And of a server with its own operators:
 *
 * - `operator-unknown`: there is no operator of that name. So for `invitation-unknown`, `api-token-unknown` and
 *   `session-unknown`.
 * - `name-taken`: somebody has that name, or had it.
 * - `last-admin`: nobody would be left who may do everything.
 * - `sign-in-failed`: the name or the password is wrong.
 * - `session-needed`: only somebody who has signed in may do that, with the browser rather than with an API token.
 */
export type FleetErrorCode =
  | 'role-insufficient'
  | 'node-unknown'
  | 'node-ambiguous'
  | 'node-revoked'
  | 'revision-changed'
  | 'label-invalid'
  | 'label-reserved'
  | 'label-out-of-scope'
  | 'selector-invalid'
  | 'value-invalid'
  | 'approval-code-wrong'
  | 'rival-unknown'
  | 'command-unknown'
  | 'command-invalid'
  | 'commands-due'
  | 'join-token-unknown'
  | 'view-unknown'
  | 'job-unknown'
  | 'alert-unknown'
  | 'maintenance-unknown'
  | 'count-changed'
  | 'job-too-large'
  | 'job-expired'
  | 'webhook-unknown'
  | 'delivery-unknown'
  | 'webhooks-off'
  | 'id-taken'
  | 'rollout-unknown'
  | 'rollout-too-large'
  | 'member-unknown'
  | 'member-running'
  | 'state-unfit'
  | 'approval-needed'
  | 'approval-own'
  | 'failures-undecided'
  | 'operator-unknown'
  | 'invitation-unknown'
  | 'api-token-unknown'
  | 'session-unknown'
  | 'name-taken'
  | 'last-admin'
  | 'sign-in-failed'
  | 'session-needed';

export interface FleetErrorOptions extends ErrorOptions {
  /** What to do about it, in sentences. */
  remedy: string;
  /** IDs of the nodes that a text may mean, or of the processes that there is to choose from. */
  candidates?: readonly string[];
}

const brand = Symbol.for('@serve.zone/baseos-cloudly-handlers/FleetError');

/** Why a call of an operator was rejected. The message says what happened, without a full stop at its end. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly code: FleetErrorCode;
  /** What the caller can do about it, in sentences. */
  readonly remedy: string;
  readonly candidates: readonly string[];

  constructor(code: FleetErrorCode, message: string, { remedy, candidates = [], ...options }: FleetErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
    this.candidates = candidates;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Also holds for an error of another copy of this package. */
export function isFleetError(candidate: unknown): candidate is FleetError {
  return typeof candidate === 'object' && candidate !== null && brand in candidate;
}
