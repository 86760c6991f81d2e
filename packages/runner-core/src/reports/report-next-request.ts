import process from 'node:process';
import { CloudlyConnector, type FetchLike } from '@serve.zone/baseos-cloudly-connector';
import type { Environment } from '../config/parse-config.js';
import type { RunnerConfig } from '../config/runner-config.js';
import type { ReportOptions } from './report-options.js';
import { readableConfigFromEnv } from '../config/config-from-env.js';
import { supervisorOf } from '../device/supervisor-of.js';
import { ownEnvironmentToken } from '../identity/environment-token.js';
import { previewIdentity } from '../store/preview-identity.js';
import { silentLogger } from '../ports/logger.js';
import { initialLoopState } from '../loop/loop-state.js';
import { loopSettings } from '../loop/loop-settings.js';
import { type NextRequest, nextRequest } from '../loop/next-request.js';
import type { Machine } from '../ports/machine.js';
import { systemClock } from '../ports/clock.js';
import { systemRandomness } from '../ports/randomness.js';
import { DeviceObserver } from '../device/device-observer.js';
import { readPublishedStatus } from './read-published-status.js';
import { createSystemMachine } from '../device/system-machine.js';

/** What `baserunner status --wire` prints. Nothing in it is secret. */
export interface NextRequestReport {
  /** Whose knowledge it is made of: that of the agent that runs, or of one that would start now. */
  from: 'running-agent' | 'stored-state';
  /** RFC 3339, by the device's clock. */
  asOf: string;
  call: NextRequest['call'] | 'none';
  /** As the connector gives it to its transport, which adds what HTTP needs (Host, Content-Length). */
  request?: WrittenRequest | undefined;
  /** What a reader should know, in sentences. */
  notes: readonly string[];
}

export interface WrittenRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/**
 * The next call to Cloudly exactly as it would be sent, its secrets shown as `[redacted]`. It sends nothing, writes nothing
 * and locks nothing, and works with and without a running agent.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where no agent runs and the mistakes in the environment let none start, or
 * the paths of the state or the live status are mistaken.
 */
export async function reportNextRequest(
  environment: Environment = process.env,
  options: ReportOptions = {},
): Promise<NextRequestReport> {
  const config = readableConfigFromEnv(environment);
  const machine = createSystemMachine({ statePath: config.statePath });
  const found = await readPublishedStatus({ ...config, machine });
  if (found.kind === 'live') {
    const { status, writtenAt, nextRequest: next } = found.published;
    const cloudlyUrl = status.cloudly.url === undefined ? undefined : new URL(status.cloudly.url);
    const hasJoinToken = status.configuration['BASEOS_JOIN_TOKEN']?.value !== undefined;
    return {
      from: 'running-agent',
      asOf: writtenAt,
      ...(await asSent({ cloudlyUrl, next, hasJoinToken })),
      notes: next
        ? ['Vitals, and the status if it changes, are read anew before it goes out.']
        : [noCall(cloudlyUrl, status.cloudly.problem?.message)],
    };
  }
  const { next, notes } = await wouldSend(config, machine, options);
  const asOf = new Date().toISOString();
  const { cloudlyUrl, joinToken } = config;
  const written = await asSent({ cloudlyUrl, next, hasJoinToken: joinToken !== undefined });
  return { from: 'stored-state', asOf, ...written, notes };
}

/** What the first call of an agent would be that starts now. */
async function wouldSend(
  config: RunnerConfig,
  machine: Machine,
  { version = '0.0.0', supervisorFetch, supervisor: given }: ReportOptions,
): Promise<{ next: NextRequest | undefined; notes: string[] }> {
  const clock = systemClock;
  const identity = await previewIdentity(config);
  const settings = loopSettings({ ...config, nodeToken: ownEnvironmentToken(identity.current, config) });
  const { state } = initialLoopState(config, identity);
  const supervisor = given ?? supervisorOf(config, supervisorFetch);
  const observer = new DeviceObserver({ config, version, supervisor, machine, clock, logger: silentLogger });
  const observation = await observer.observe(new AbortController().signal, identity.current.previousNodeId);
  const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  const next =
    settings &&
    nextRequest({
      turn: { state, identity: identity.current, settings, now },
      observation,
      bootId: systemRandomness.uuid(),
      sequence: 1,
      clockSkewMs: undefined,
      results: [],
    });
  if (!next) return { next, notes: [noCall(config.cloudlyUrl, state.problem?.message)] };
  const isNew = identity.source === 'generated';
  const example = isNew
    ? 'Boot ID and node ID are examples: an agent makes them'
    : 'The boot ID is an example: an agent makes one';
  return { next, notes: [`No agent shows its status here. ${example} when it starts.`] };
}

function noCall(cloudlyUrl: URL | undefined, problem: string | undefined): string {
  return cloudlyUrl
    ? `No call is due. ${problem ?? ''}`.trim()
    : 'No Cloudly is configured (BASEOS_CLOUDLY_URL), so no call is made.';
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
