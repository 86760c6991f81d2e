import type { NoVerdict } from '@serve.zone/baseos-cloudly-connector';
import type { StoredIdentity } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, skip, warn } from './finding.js';
import type { NetworkFacts } from '../facts/probe-network.js';

/** Whether a Cloudly answers, and the one that this node belongs to. */
export function judgeCloudly(facts: NetworkFacts | undefined, stored: StoredIdentity | undefined): Judgement {
  if (!facts) {
    return fail(
      'No Cloudly is configured (BASEOS_CLOUDLY_URL), so this device is a node of none: the agent only looks at its device.',
      'Set BASEOS_CLOUDLY_URL to the address of Cloudly, and BASEOS_JOIN_TOKEN to a join token from there.',
    );
  }
  const { presence, url } = facts;
  if (!presence) return skip('Not asked, since there is no way to it that could be trusted.');
  const checkUrl = `Check BASEOS_CLOUDLY_URL (${url.href}), its path included.`;
  if (presence.kind === 'timeout') {
    return fail(`${url.origin} gave no answer within ${presence.timeoutMs / 1000} s.`, `Look at Cloudly. ${checkUrl}`);
  }
  const { outcome } = presence.value;
  switch (outcome.kind) {
    case 'present':
      return belongsTo(outcome.cloudlyId, url, stored);
    case 'rate-limited':
    case 'unavailable':
      if (outcome.problem?.code === 'not-found') {
        return fail(`Cloudly at ${url.origin} has no such endpoint (HTTP ${outcome.status}).`, checkUrl, {
          status: outcome.status,
        });
      }
      return warn(
        `Cloudly at ${url.origin} is there and cannot answer at present (HTTP ${outcome.status}).`,
        'No action needed on the device; the agent retries. If the problem persists, check the Cloudly server.',
        { status: outcome.status },
      );
    case 'not-cloudly':
      return notCloudly(outcome, url, stored);
    case 'unreachable':
      return fail(outcome.message.endsWith('.') ? outcome.message : `${outcome.message}.`, checkUrl, {
        reason: outcome.reason,
      });
    default:
      return fail(`${url.origin} gave no answer in time.`, `Look at Cloudly. ${checkUrl}`);
  }
}

function belongsTo(cloudlyId: string, url: URL, stored: StoredIdentity | undefined): Judgement {
  const known = stored?.enrolment?.origin === url.origin ? stored.enrolment.cloudlyId : undefined;
  if (known === undefined || known === cloudlyId) return pass(`Cloudly ${cloudlyId} answers.`, { cloudlyId });
  return fail(
    `Another Cloudly answers (${cloudlyId}) than the one that this node belongs to (${known}).`,
    'If Cloudly was set up anew, reset the identity of this device to enrol it there; otherwise check BASEOS_CLOUDLY_URL.',
    { cloudlyId, ownCloudlyId: known },
  );
}

function notCloudly(
  { status, reason }: Extract<NoVerdict, { kind: 'not-cloudly' }>,
  url: URL,
  stored: StoredIdentity | undefined,
): Judgement {
  const isOfBefore = stored?.enrolment?.origin === url.origin && stored.enrolment.legacy && status === 401;
  if (isOfBefore) {
    return warn(
      `${url.origin} answers as a Cloudly of before protocol 1 does (HTTP 401).`,
      'The agent works with it. Update Cloudly to use what needs protocol 1.',
      { status },
    );
  }
  return fail(
    `What answers at ${url.origin} is no Cloudly: ${reason}.`,
    'Check BASEOS_CLOUDLY_URL, its path included, and look for a proxy or a captive portal in between.',
    { status },
  );
}
