import type { NoVerdict } from '@serve.zone/baseos-cloudly-connector';
import { agentProblem, type DescribedStanding } from '@serve.zone/baseos-runner-core';
import type { NetworkFacts } from '../facts/probe-network.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';

/** What an answer is compared with; absent if the disk did not answer. */
type Standing = Pick<DescribedStanding, 'cloudlyId' | 'isLegacy'> | undefined;

/** Whether a Cloudly answers, and whether it is the one that this node belongs to. */
export function judgeCloudly(facts: NetworkFacts | undefined, standing: Standing): Judgement {
  if (!facts) {
    return fail(
      'No Cloudly is configured: BASEOS_CLOUDLY_URL is not set. The agent only observes this device.',
      'Set BASEOS_CLOUDLY_URL to the address of Cloudly, and BASEOS_JOIN_TOKEN to a join token created there.',
      { code: 'not-configured' },
    );
  }
  const { presence, url } = facts;
  if (!presence) return skip('Skipped: there is no trusted connection to Cloudly.');
  const checkUrl = `Check BASEOS_CLOUDLY_URL (${url.href}), including its path.`;
  const checkServer = `Check the Cloudly server, and BASEOS_CLOUDLY_URL (${url.href}) including its path.`;
  if (presence.kind === 'timeout') {
    return fail(`${url.origin} did not answer within ${presence.timeoutMs / 1000} s.`, checkServer, {
      code: 'timeout',
    });
  }
  const { outcome } = presence.value;
  switch (outcome.kind) {
    case 'present':
      return belongsTo(outcome.cloudlyId, standing);
    case 'rate-limited':
    case 'unavailable':
      if (outcome.problem?.code === 'not-found') {
        return fail(`Cloudly at ${url.origin} has no such endpoint (HTTP ${outcome.status}).`, checkUrl, {
          status: outcome.status,
        });
      }
      return warn(
        `Cloudly at ${url.origin} is up but cannot answer at present (HTTP ${outcome.status}).`,
        'No action needed on the device; the agent retries. If the problem persists, check the Cloudly server.',
        { status: outcome.status },
      );
    case 'not-cloudly':
      return notCloudly(outcome, url, standing);
    case 'unreachable':
      return fail(`${outcome.message}.`, checkUrl, { code: outcome.kind, reason: outcome.reason });
    default:
      return fail(`${url.origin} did not answer in time.`, checkServer, {
        code: outcome.kind,
      });
  }
}

function belongsTo(cloudlyId: string, standing: Standing): Judgement {
  const known = standing?.cloudlyId;
  if (known === undefined || known === cloudlyId) return pass(`Cloudly ${cloudlyId} answers.`, { cloudlyId });
  const { code, message, remedy } = agentProblem('another-cloudly', { cloudlyId, ownCloudlyId: known });
  return fail(message, remedy, { code, cloudlyId, ownCloudlyId: known });
}

function notCloudly(
  { status, reason }: Extract<NoVerdict, { kind: 'not-cloudly' }>,
  url: URL,
  standing: Standing,
): Judgement {
  if (standing?.isLegacy === true && status === 401) {
    return warn(
      `${url.origin} answers like a legacy Cloudly (HTTP 401).`,
      'The agent works with it. Update Cloudly to use the features of protocol 1.',
      { status },
    );
  }
  return fail(`The server at ${url.origin} is not a Cloudly: ${reason}.`, agentProblem('not-cloudly').remedy, {
    code: 'not-cloudly',
    status,
  });
}
