import process from 'node:process';
import type { Environment } from '../config/parse-config.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { configFromEnv, type FromEnvOptions, supervisorOf } from '../from-env.js';
import { readIdentity, type StoredIdentity } from '../identity/read-identity.js';
import { silentLogger } from '../logger.js';
import { systemClock } from '../ports/clock.js';
import { composeStatus } from './compose-status.js';
import { DeviceObserver } from './device-observer.js';
import type { FoundStatus, PublishedStatus } from './published-status.js';
import { readPublishedStatus } from './read-published-status.js';
import type { NodeState, RunnerStatus } from './runner-status.js';
import { createSystemMachine } from './system-machine.js';

/** What `baserunner status` shows. */
export interface StatusReport extends RunnerStatus {
  /** The agent of this device, as far as its published status tells. */
  agent: { running: boolean; publishedAt?: string | undefined } & Partial<PublishedStatus['agent']>;
  /** What an operator should know, in sentences: warnings of the configuration, damage to the state, a token to remove. */
  notices: readonly string[];
}

/**
 * The state of this device, read from outside: the stored identity, the Supervisor, and what a running agent published.
 * It registers nothing, writes nothing, locks nothing, and works with and without a running agent.
 *
 * @throws {BaseRunnerError} `invalid-configuration` with every mistake in the environment.
 */
export const reportStatus = async (
  environment: Environment = process.env,
  { version = '0.0.0', supervisorFetch }: Pick<FromEnvOptions, 'version' | 'supervisorFetch'> = {},
): Promise<StatusReport> => {
  const config = configFromEnv(environment);
  const machine = createSystemMachine({ statePath: config.statePath });
  const supervisor = supervisorOf(config, supervisorFetch);
  const observer = new DeviceObserver({
    config,
    version,
    supervisor,
    machine,
    clock: systemClock,
    logger: silentLogger,
  });
  const [observation, stored, found] = await Promise.all([
    observer.observe(new AbortController().signal),
    readIdentity({ statePath: config.statePath }),
    readPublishedStatus({ runPath: config.runPath, machine }),
  ]);
  const live = found.kind === 'live' ? found.published.status : undefined;
  const cloudly = live?.cloudly ?? storedCloudlyStatus(config, stored);
  const outside = composeStatus({
    config,
    version,
    machine,
    observation,
    cloudly,
    inForce: { nodeId: cloudly.nodeId },
  });
  return {
    agent: agentOf(found),
    // Memory and uptime of the agent are not those of whoever asks.
    runtime: live?.runtime ?? { ...outside.runtime, vitals: undefined },
    supervisor: outside.supervisor,
    cloudly: outside.cloudly,
    configuration: { ...outside.configuration, ...setByCloudly(live) },
    notices: [
      ...config.warnings,
      ...stored.notices.map(({ message }) => message),
      ...joinTokenNotices(config, cloudly.state),
    ],
  };
};

/** A token that lets other devices in does no good on this one any more. */
const joinTokenNotices = ({ joinToken }: RunnerConfig, state: NodeState): string[] =>
  joinToken && state === 'registered'
    ? ['This node is enrolled: BASEOS_JOIN_TOKEN is needed no more. Remove it, so that nobody can take it from here.']
    : [];

const agentOf = (found: FoundStatus): StatusReport['agent'] =>
  found.kind === 'none'
    ? { running: false }
    : { running: found.kind === 'live', ...found.published.agent, publishedAt: found.published.writtenAt };

const setByCloudly = (live: RunnerStatus | undefined): RunnerStatus['configuration'] =>
  Object.fromEntries(Object.entries(live?.configuration ?? {}).filter(([, { source }]) => source === 'cloudly'));

/** How the node stands with Cloudly as far as the disk tells. */
const storedCloudlyStatus = (config: RunnerConfig, stored: StoredIdentity): RunnerStatus['cloudly'] => ({
  state: storedState(config, stored),
  connectivity: 'unknown',
  cloudlyId: isBound(config, stored) ? stored.enrolment?.cloudlyId : undefined,
  nodeId: config.nodeId ?? stored.nodeId,
  previousNodeId: stored.previousNodeId,
  heartbeatIntervalMs: config.heartbeatIntervalMs,
  cloneSuspected: false,
  failedHeartbeats: 0,
  heartbeatsAcknowledged: 0,
});

const storedState = (config: RunnerConfig, stored: StoredIdentity): NodeState => {
  if (!config.cloudlyUrl) return 'not-configured';
  if (isBound(config, stored) && stored.enrolment?.dormancy?.cloudlyUrl === config.cloudlyUrl.href) return 'dormant';
  const hasToken = isBound(config, stored) && stored.enrolment?.hasNodeToken === true;
  return hasToken || config.nodeToken !== undefined ? 'registered' : 'unregistered';
};

/** Whether the stored enrolment is the one that an agent with this configuration uses. */
const isBound = ({ cloudlyUrl, cloudlyMovedFrom, nodeId }: RunnerConfig, stored: StoredIdentity): boolean =>
  stored.enrolment !== undefined &&
  (nodeId === undefined || nodeId === stored.nodeId) &&
  ['', cloudlyUrl?.origin, cloudlyMovedFrom].includes(stored.enrolment.origin);
