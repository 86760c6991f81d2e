import { CloudlyConnector, type FetchLike } from '@serve.zone/baseos-cloudly-connector';
import { invalidConfiguration } from '../config/runner-error.js';
import type { Observation } from '../device/device-observer.js';
import { ownEnvironmentToken } from '../identity/environment-token.js';
import { initialLoopState } from '../loop/loop-state.js';
import { loopSettings } from '../loop/loop-settings.js';
import { composeCall, type NextRequest } from '../loop/compose-call.js';
import { NodeReporter } from '../loop/node-report.js';
import type { Notice } from '../values/problem.js';
import { systemRandomness } from '../ports/randomness.js';
import type { PublishedStatus } from '../status/published-status.js';
import type { NodeFacts } from './node-facts.js';

/** What `baserunner status --wire` prints. Nothing in it is secret. */
export interface NextRequestReport {
  /** Its source: the running agent, or an agent that would start now. */
  from: 'running-agent' | 'stored-state';
  /** RFC 3339, by the device's clock. */
  asOf: string;
  call: NextRequest['call'] | 'none';
  /** As the connector gives it to its transport, which adds what HTTP needs (Host, Content-Length). */
  request?: WrittenRequest | undefined;
  /** What a reader should know. */
  notices: readonly Notice[];
}

export interface WrittenRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/**
 * The facts, as `baserunner status --wire` shows them.
 *
 * @param observe looks at the device; it is called only where no agent shows its status
 * @throws {BaseRunnerError} `invalid-configuration` where no agent runs and the mistakes in the environment let none start.
 */
export async function nextRequestReport(
  facts: NodeFacts,
  observe: () => Promise<Observation>,
): Promise<NextRequestReport> {
  const { config, published: found, identity } = facts;
  if (found.kind === 'live') return requestOfAgent(found.published);
  const { needed, warnings } = identity.mistakes;
  if (needed.length > 0) throw invalidConfiguration(needed, warnings);
  const { next, notices } = firstRequest(facts, await observe());
  const { cloudlyUrl, joinToken } = config;
  const written = await asSent({ cloudlyUrl, next, hasJoinToken: joinToken !== undefined });
  return { from: 'stored-state', asOf: new Date(facts.wallMs).toISOString(), ...written, notices };
}

async function requestOfAgent({ status, writtenAt, nextRequest: next }: PublishedStatus): Promise<NextRequestReport> {
  const cloudlyUrl = status.cloudly.url === undefined ? undefined : new URL(status.cloudly.url);
  const hasJoinToken = status.configuration['BASEOS_JOIN_TOKEN']?.value !== undefined;
  return {
    from: 'running-agent',
    asOf: writtenAt,
    ...(await asSent({ cloudlyUrl, next, hasJoinToken })),
    notices: next ? [readAgain] : [noCall(cloudlyUrl, status.cloudly.problem)],
  };
}

/** The first call that an agent would make if it started now. */
function firstRequest(
  { config, identity: { preview, stored }, wallMs, uptimeSeconds }: NodeFacts,
  observation: Observation,
): { next: NextRequest | undefined; notices: Notice[] } {
  const settings = loopSettings({ ...config, nodeToken: ownEnvironmentToken(preview.current, config) });
  const { state } = initialLoopState(config, preview);
  const now = { monotonicMs: uptimeSeconds * 1000, wallMs };
  const next =
    settings &&
    composeCall({
      turn: { state, identity: preview.current, settings, now },
      report: new NodeReporter().report(observation, preview.current, { failedHeartbeats: 0 }),
      bootId: systemRandomness.uuid(),
      sequence: 1,
      results: [],
    });
  if (!next) {
    // What this user may not read is no problem of the agent's.
    const [denial] = stored.isDenied ? stored.notices : [];
    return { next, notices: [noCall(config.cloudlyUrl, denial ?? state.problem)] };
  }
  const examples =
    preview.source === 'generated'
      ? 'The boot ID and the node ID are examples: the agent creates them when it starts.'
      : 'The boot ID is an example: the agent creates one when it starts.';
  return { next, notices: [{ code: 'request-of-no-agent', message: `No agent publishes a status here. ${examples}` }] };
}

/** The codes of what a reader should know of a request, and what each means. */
export const requestNoticeCodes = {
  'request-read-again': 'The running agent reads the device again before it makes the call.',
  'request-of-no-agent': 'No agent runs here, so the request has examples in it.',
  'no-call-due': 'No call is made at present.',
  'not-configured': 'No Cloudly is configured, so no call is made.',
} as const satisfies Readonly<Record<string, string>>;

const readAgain: Notice = {
  code: 'request-read-again',
  message: 'Vitals, and the status if it changed, are read again before the call is made.',
};

/** @param reason why none is due */
function noCall(cloudlyUrl: URL | undefined, reason: Pick<Notice, 'message' | 'remedy'> | undefined): Notice {
  return cloudlyUrl
    ? { code: 'no-call-due', message: `No call is due. ${reason?.message ?? ''}`.trim(), remedy: reason?.remedy }
    : {
        code: 'not-configured',
        message: 'No Cloudly is configured (BASEOS_CLOUDLY_URL), so no call is made.',
        remedy: 'Set BASEOS_CLOUDLY_URL to enrol this device.',
      };
}

/** Has the connector write the request, to a transport that keeps it and sends nothing. */
async function asSent({
  cloudlyUrl,
  next,
  hasJoinToken,
}: {
  cloudlyUrl: URL | undefined;
  next: NextRequest | undefined;
  hasJoinToken: boolean;
}): Promise<Pick<NextRequestReport, 'call' | 'request'>> {
  if (!cloudlyUrl || !next) return { call: 'none' };
  let request: WrittenRequest | undefined;
  const keep: FetchLike = async (url, { method, headers, body = '' }) => {
    request = { method, url, headers, body: JSON.parse(body) as unknown };
    throw new Error('Nothing is sent.');
  };
  const connector = new CloudlyConnector({ cloudlyUrl, fetch: keep });
  const token = '[redacted]';
  if (next.call === 'register') {
    await connector.register(next.request, { joinToken: hasJoinToken ? token : undefined });
  } else await connector.heartbeat(next.request, { nodeToken: token });
  return { call: next.call, request };
}
