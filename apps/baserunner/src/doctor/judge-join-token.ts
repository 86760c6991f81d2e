import {
  joinTokenMissing,
  type NodeState,
  nodeRevoked,
  type RunnerProblem,
  type TokenForm,
} from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, skip, warn } from './finding.js';

export interface JoinTokenFacts {
  hasCloudly: boolean;
  /** Absent where there is no join token. */
  form: TokenForm | undefined;
  /** The state of the node towards Cloudly. */
  state: NodeState;
  /** Whether the stored identity will be lost, so that the node will have to enrol again. */
  isFleeting?: boolean | undefined;
  /** While the node waits for an operator's approval. */
  approvalCode?: string | undefined;
}

/** Whether the node needs a join token, and has one that can be valid. Only Cloudly knows whether it accepts the token. */
export function judgeJoinToken(given: JoinTokenFacts): Judgement {
  const { hasCloudly, form, state, approvalCode, isFleeting = false } = given;
  const facts = { form: nameOf(form), node: state };
  if (!hasCloudly) return skip('Skipped: no Cloudly is configured.');
  if (state === 'registered') return judgeEnrolled(form, isFleeting, facts);
  if (approvalCode !== undefined) {
    return warn(
      `The node waits for an operator to approve it. Approval code: ${approvalCode}.`,
      'Compare the code with the one that Cloudly shows for the node, and approve it there. No other join token is needed.',
      { ...facts, code: 'pending-approval', approvalCode },
    );
  }
  if (state === 'dormant') return failFor(nodeRevoked, facts);
  if (form === undefined) return judgeMissing(state, facts);
  if (form.kind === 'slip') {
    const remedy =
      form.slip === 'other-kind'
        ? `${createOne}. It begins with bjt_.`
        : `Copy the whole token again. If you no longer have it: ${createOne}.`;
    return fail(`BASEOS_JOIN_TOKEN ${form.clause}.`, remedy, facts);
  }
  if (form.kind === 'foreign') {
    return pass(
      'BASEOS_JOIN_TOKEN is set. It does not have the form of a BaseOS token (bjt_...): only a Cloudly with its own tokens accepts it.',
      facts,
    );
  }
  return pass('BASEOS_JOIN_TOKEN is well formed. Cloudly validates it when the node registers.', facts);
}

function judgeEnrolled(form: TokenForm | undefined, isFleeting: boolean, facts: Judgement['facts']): Judgement {
  if (!isFleeting && form === undefined) return pass('The node is enrolled and needs no join token.', facts);
  if (!isFleeting) {
    return warn(
      'The node is enrolled, and BASEOS_JOIN_TOKEN is still set.',
      'Remove BASEOS_JOIN_TOKEN so that it cannot be stolen from this device.',
      facts,
    );
  }
  return form === undefined
    ? warn(
        'The node is enrolled, but its identity does not last, and there is no join token to enrol it again.',
        'Give the state a volume, as described for the state directory. Until then, keep BASEOS_JOIN_TOKEN set.',
        facts,
      )
    : pass('The node is enrolled. Keep BASEOS_JOIN_TOKEN set, because the identity does not last.', facts);
}

function nameOf(form: TokenForm | undefined): string {
  return form === undefined ? 'none' : form.kind === 'slip' ? form.slip : form.kind;
}

const createOne = 'Create a join token in Cloudly and set it on the device as BASEOS_JOIN_TOKEN';

function judgeMissing(state: NodeState, facts: Judgement['facts']): Judgement {
  switch (state) {
    case 'unknown':
    case 'not-configured':
      return warn(
        'There is no join token. It is not known whether the node needs one.',
        'Fix the problem with the state file first.',
        facts,
      );
    case 'pending':
      return pass('The node waits for approval and needs no join token.', facts);
    default:
      return failFor(joinTokenMissing, facts);
  }
}

/** In the words of `status`. */
function failFor({ code, message, remedy }: RunnerProblem, facts: Judgement['facts']): Judgement {
  return fail(message, remedy, { ...facts, code });
}
