import type { Notice } from '../values/problem.js';
import { dirname } from 'node:path';
import type { ConfigMistake } from '../config/config-mistake.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { describeClockSkew, describeEarlyClock } from '../device/clock-words.js';
import type { Observation } from '../device/device-observer.js';
import type { NodeState } from '../loop/node-state.js';
import { noCounts } from '../status/cloudly-status.js';
import { composeStatus } from '../status/compose-status.js';
import type { FoundStatus, PublishedStatus } from '../status/published-status.js';
import type { RunnerStatus } from '../status/runner-status.js';
import type { StoredIdentity } from '../store/read-identity.js';
import type { DescribedStanding } from './describe-standing.js';
import type { LastHang } from './last-hang.js';
import type { NodeFacts } from './node-facts.js';
import { plannedCallAt } from './planned-call-at.js';
import {
  agentHung,
  clockWrong,
  joinTokenNeedless,
  statusElsewhere,
  statusForeign,
  statusUnreadable,
} from './status-notices.js';

/** What `baserunner status` shows. */
export interface StatusReport extends RunnerStatus {
  /** The agent of this device, as far as its published status shows; `running` is absent if that is not known. */
  agent: { running?: boolean | undefined; publishedAt?: string | undefined } & Partial<PublishedStatus['agent']>;
  /** What keeps an agent with this environment from starting; the values of these settings are as if they were unset. */
  mistakes: readonly ConfigMistake[];
  /** What an operator should know: warnings of the configuration, damage to the state, a token to remove. */
  notices: readonly Notice[];
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
    ...(live?.updates && { updates: live.updates }),
    cloudly: outside.cloudly,
    commands: live?.commands ?? outside.commands,
    configuration: { ...outside.configuration, ...setByCloudly(live) },
    mistakes: mistakes.needed,
    notices: [
      ...config.warnings,
      ...mistakes.warnings,
      ...stored.notices.map(asNotice),
      // An agent that runs has said so in its log, and has stored what came of it.
      ...(live ? [] : identity.changes.map(asNotice)),
      ...impermanenceNotices(stored),
      ...joinTokenNotices(config, cloudly.state, stored),
      ...clockNotices(live, wallMs, builtMs),
      ...(lastHang ? [agentHung(lastHang)] : []),
      ...agentNotices(found, stored, { isHeld, directory: dirname(config.statePath) }),
    ],
  };
}

function asNotice({ code, message, remedy }: Notice): Notice {
  return { code, message, remedy };
}

function impermanenceNotices({ impermanence }: StoredIdentity): Notice[] {
  return impermanence ? [impermanence] : [];
}

/** It is needed where this node will have to enrol again. */
function joinTokenNotices({ joinToken }: RunnerConfig, state: NodeState, { impermanence }: StoredIdentity): Notice[] {
  return joinToken && state === 'registered' && !impermanence ? [joinTokenNeedless] : [];
}

/**
 * Compared with Cloudly's clock as the running agent last saw it; otherwise only a clock that is too early is detected.
 */
function clockNotices(live: RunnerStatus | undefined, wallMs: number, builtMs: number | undefined): Notice[] {
  const wrong = describeEarlyClock(wallMs, builtMs) ?? describeClockSkew(live?.runtime.vitals?.clockSkewMs);
  return wrong === undefined ? [] : [clockWrong(wrong)];
}

/** What keeps this user from seeing the agent. If it may not read the identity either, a notice already says so. */
function agentNotices(
  found: FoundStatus,
  stored: StoredIdentity,
  { isHeld, directory }: { isHeld: boolean; directory: string },
): Notice[] {
  switch (found.kind) {
    case 'unreadable':
      return stored.source === 'unreadable' ? [] : [statusUnreadable(found)];
    case 'foreign':
      return [statusForeign(found, directory)];
    case 'live':
      return [];
    default:
      return isHeld ? [statusElsewhere(directory)] : [];
  }
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
