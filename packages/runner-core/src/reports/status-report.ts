import { inSentences } from '../values/problem.js';
import { dirname } from 'node:path';
import type { ConfigMistake } from '../config/config-mistake.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { clockRemedy, describeClockSkew, describeEarlyClock } from '../device/clock-words.js';
import type { Observation } from '../device/device-observer.js';
import type { NodeState } from '../loop/node-state.js';
import { noCounts } from '../status/cloudly-status.js';
import { composeStatus } from '../status/compose-status.js';
import type { FoundStatus, PublishedStatus } from '../status/published-status.js';
import type { RunnerStatus } from '../status/runner-status.js';
import type { StoredIdentity } from '../store/read-identity.js';
import type { DescribedStanding } from './describe-standing.js';
import { foreignStatus } from './foreign-status.js';
import { describeLastHang, type LastHang } from './last-hang.js';
import type { NodeFacts } from './node-facts.js';
import { plannedCallAt } from './planned-call-at.js';

/** What `baserunner status` shows. */
export interface StatusReport extends RunnerStatus {
  /** The agent of this device, as far as its published status shows; `running` is absent if that is not known. */
  agent: { running?: boolean | undefined; publishedAt?: string | undefined } & Partial<PublishedStatus['agent']>;
  /** What keeps an agent with this environment from starting; the values of these settings are as if they were unset. */
  mistakes: readonly ConfigMistake[];
  /** What an operator should know, in sentences: warnings of the configuration, damage to the state, a token to remove. */
  notices: readonly string[];
}

/** What `status` shows beside the facts on the node. */
export interface StatusReportParts {
  observation: Observation;
  lastHang?: LastHang | undefined;
  /** When the program was built, as milliseconds since 1970: a correct clock is never earlier. */
  builtMs?: number | undefined;
}

/** Pure: the facts, as `baserunner status` shows them. */
export function statusReport(facts: NodeFacts, { observation, lastHang, builtMs }: StatusReportParts): StatusReport {
  const { config, published: found, identity, isHeld, wallMs, uptimeSeconds } = facts;
  const { stored, standing, mistakes } = identity;
  const live = found.kind === 'live' ? found.published.status : undefined;
  const cloudly =
    found.kind === 'live'
      ? { ...found.published.status.cloudly, next: plannedCallAt(found.published, uptimeSeconds) }
      : cloudlyStatusAtStart(config, standing);
  // Without vitals: memory and uptime of the process that looks are not the agent's.
  const outside = composeStatus({ config, status: observation.status, cloudly, inForce: { nodeId: cloudly.nodeId } });
  return {
    agent: agentOf(found, isHeld),
    runtime: live?.runtime ?? outside.runtime,
    supervisor: outside.supervisor,
    cloudly: outside.cloudly,
    configuration: { ...outside.configuration, ...setByCloudly(live) },
    mistakes: mistakes.needed,
    notices: [
      ...config.warnings,
      ...mistakes.warnings,
      ...stored.notices.map(inSentences),
      // An agent that runs has said so in its log, and has stored what came of it.
      ...(live ? [] : identity.changes.map(inSentences)),
      ...impermanenceNotices(stored),
      ...joinTokenNotices(config, cloudly.state, stored),
      ...clockNotices(live, wallMs, builtMs),
      ...hangNotices(lastHang),
      ...agentNotices(found, stored),
      ...foreignNotices(found, config),
      ...(isHeld ? holderNotices(found, config) : []),
    ],
  };
}

function impermanenceNotices({ impermanence }: StoredIdentity): string[] {
  return impermanence ? [`${impermanence.message} ${impermanence.remedy}`] : [];
}

/** A token that admits other devices is of no use on this one, unless this one will have to enrol again. */
function joinTokenNotices({ joinToken }: RunnerConfig, state: NodeState, { impermanence }: StoredIdentity): string[] {
  return joinToken && state === 'registered' && !impermanence
    ? [
        'This node is enrolled. BASEOS_JOIN_TOKEN is no longer needed. Remove it so that it cannot be stolen from this device.',
      ]
    : [];
}

/**
 * Compared with Cloudly's clock as the running agent last saw it; otherwise only a clock that is too early is detected.
 */
function clockNotices(live: RunnerStatus | undefined, wallMs: number, builtMs: number | undefined): string[] {
  const wrong = describeEarlyClock(wallMs, builtMs) ?? describeClockSkew(live?.runtime.vitals?.clockSkewMs);
  return wrong === undefined ? [] : [`${wrong} ${clockRemedy}`];
}

/** A restarted agent does not show that it hung; that remains a defect to report. */
function hangNotices(lastHang: LastHang | undefined): string[] {
  return lastHang ? [describeLastHang(lastHang)] : [];
}

/** If this user may not read the identity either, a notice already says so. */
function agentNotices(found: FoundStatus, stored: StoredIdentity): string[] {
  return found.kind === 'unreadable' && stored.source !== 'unreadable'
    ? [
        `It is not known whether the agent is running: this user may not read ${found.path}. Run this command as the user that the agent runs as.`,
      ]
    : [];
}

function foreignNotices(found: FoundStatus, { statePath }: RunnerConfig): string[] {
  return found.kind === 'foreign' ? [inSentences(foreignStatus(found, dirname(statePath)))] : [];
}

/** An agent that waits for another one shows nothing; only the other one does. */
function holderNotices({ kind }: FoundStatus, { statePath }: RunnerConfig): string[] {
  return kind === 'none' || kind === 'stale'
    ? [
        `An agent uses ${dirname(statePath)} but publishes no status here. It has just started, it hangs, or it runs in another container or with another BASEOS_RUN_PATH. An agent that you start here waits until the other one has ended.`,
      ]
    : [];
}

/** An agent that uses the state directory and shows no status is neither known to run nor known not to. */
function agentOf(found: FoundStatus, isHeld: boolean): StatusReport['agent'] {
  if (found.kind !== 'live' && isHeld) return {};
  if (found.kind === 'none') return { running: false };
  if (found.kind === 'unreadable' || found.kind === 'foreign') return {};
  return { running: found.kind === 'live', ...found.published.agent, publishedAt: found.published.writtenAt };
}

function setByCloudly(live: RunnerStatus | undefined): RunnerStatus['configuration'] {
  return Object.fromEntries(Object.entries(live?.configuration ?? {}).filter(([, { source }]) => source === 'cloudly'));
}

/** As an agent that starts now would report it. */
function cloudlyStatusAtStart(config: RunnerConfig, standing: DescribedStanding): RunnerStatus['cloudly'] {
  const { state, cloudlyId, nodeId, previousNodeId, approvalCode, problem } = standing;
  return {
    state,
    connectivity: 'unknown',
    cloudlyId,
    nodeId,
    previousNodeId,
    approvalCode,
    heartbeatIntervalMs: config.heartbeatIntervalMs,
    cloneSuspected: false,
    ...noCounts,
    problem,
  };
}
