import type { TokenForm } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, skip, warn } from './finding.js';

export interface JoinTokenFacts {
  hasCloudly: boolean;
  /** Absent where there is no join token. */
  form: TokenForm | undefined;
  /** How the node stands: a token has done its work once it is `registered`. */
  node: 'registered' | 'pending' | 'dormant' | 'unregistered' | 'unknown';
  /** Whether the identity on the disk is lost sooner or later, so that the node will have to enrol again. */
  isFleeting?: boolean | undefined;
  /** While an operator's approval is awaited. */
  approvalCode?: string | undefined;
}

/** Whether the node needs a join token, and has one that can be right. Whether Cloudly takes it, only Cloudly knows. */
export function judgeJoinToken({
  hasCloudly,
  form,
  node,
  approvalCode,
  isFleeting = false,
}: JoinTokenFacts): Judgement {
  const facts = { form: nameOf(form), node };
  if (!hasCloudly) return skip('No Cloudly is configured: there is nothing to join.');
  if (node === 'registered' && isFleeting) {
    return form === undefined
      ? warn(
          'The node is enrolled, but its identity does not last, and there is no join token to enrol it again.',
          'Give the state a volume, as said of the state directory. Until then, keep BASEOS_JOIN_TOKEN set.',
          facts,
        )
      : pass('The node is enrolled. BASEOS_JOIN_TOKEN has to stay, as the identity does not last.', facts);
  }
  if (node === 'registered') {
    return form === undefined
      ? pass('The node is enrolled and needs no join token.', facts)
      : warn(
          'The node is enrolled, and BASEOS_JOIN_TOKEN is still set.',
          'Remove it, so that nobody can take it from here.',
          facts,
        );
  }
  if (node === 'pending' && approvalCode !== undefined) {
    return warn(
      `The node waits for an operator to approve it. Approval code: ${approvalCode}.`,
      'Compare the code with the one that Cloudly shows beside the node, and approve it there. No other join token is needed.',
      { ...facts, approvalCode },
    );
  }
  if (form?.kind === 'slip') {
    const remedy = form.slip === 'other-kind' ? `${makeOne} (bjt_...).` : `Copy it again, whole. Or: ${makeOne}.`;
    return fail(`BASEOS_JOIN_TOKEN ${form.clause}.`, remedy, facts);
  }
  if (form === undefined) return judgeMissing(node, facts);
  if (form.kind === 'foreign') {
    return pass(
      'BASEOS_JOIN_TOKEN is set. It does not have the form of BaseOS (bjt_...): only a Cloudly with tokens of its own takes it.',
      facts,
    );
  }
  return pass(
    'BASEOS_JOIN_TOKEN is set and whole. Whether it is still good, Cloudly says when the node registers.',
    facts,
  );
}

function nameOf(form: TokenForm | undefined): string {
  return form === undefined ? 'none' : form.kind === 'slip' ? form.slip : form.kind;
}

const makeOne = 'Make a join token in Cloudly and set it on the device as BASEOS_JOIN_TOKEN';

function judgeMissing(node: JoinTokenFacts['node'], facts: Judgement['facts']): Judgement {
  if (node === 'unknown')
    return warn('There is no join token, and whether the node needs one is not known.', 'See the state file.', facts);
  if (node === 'dormant')
    return pass(
      'There is no join token that can be used. The node was revoked: one would make it register anew.',
      facts,
    );
  if (node === 'pending') return pass('There is no join token. The node waits for approval, and needs none.', facts);
  return fail('The node is not enrolled, and there is no join token.', `${makeOne}.`, facts);
}
