import {
  type IdentityLook,
  type JudgedMistakes,
  judgeMistakes,
  type NodeFacts,
  tokenForm,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import { diskTimeoutMs, type Facts } from '../facts/gather-facts.js';
import { type CheckName, checkNames, fail, type Finding, type Judgement, skip } from './finding.js';
import { judgeAgent } from './judge-agent.js';
import { certificateTime, clockSkew, judgeClock } from './judge-clock.js';
import { judgeCloudly } from './judge-cloudly.js';
import { judgeCommands } from './judge-commands.js';
import { judgeConfiguration } from './judge-configuration.js';
import { judgeJoinToken, type JoinTokenFacts } from './judge-join-token.js';
import { judgeConnection, judgeLookup, judgeTls } from './judge-network.js';
import { judgeStateDirectory, judgeStateFile } from './judge-state.js';
import {
  judgeSupervisorAddress,
  judgeSupervisorApps,
  judgeSupervisorKey,
  judgeSupervisorVersion,
} from './judge-supervisor.js';
import { judgeUpdateLock } from './judge-update-lock.js';
import { judgeWaking } from './judge-waking.js';
import { restsOn } from './rests-on.js';

/** What `baserunner doctor --json` prints. Nothing in it is secret. */
export interface DoctorReport {
  /** Whether no check failed. */
  ok: boolean;
  durationMs: number;
  checks: readonly Finding[];
}

/** Judges the facts, check by check. Pure. */
export function doctorReport(facts: Facts): DoctorReport {
  const mistakes = facts.disk?.node.identity.mistakes ?? judgeMistakes(facts.config.mistakes, 'unknown');
  const mistaken = new Set(mistakes.needed.map(({ variable }) => variable));
  const judgements = judgeAll(facts, mistakes);
  const findingOf = (check: CheckName): Finding => {
    const causes = restsOn[check]?.filter((name) => mistaken.has(name)) ?? [];
    if (causes.length === 0) return { check, ...judgements[check] };
    return { check, ...skip(`Skipped: ${causes.join(' and ')} cannot be used.`) };
  };
  const checks = checkNames.map(findingOf);
  return { ok: checks.every(({ verdict }) => verdict !== 'fail'), durationMs: facts.durationMs, checks };
}

function judgeAll(facts: Facts, mistakes: JudgedMistakes): Readonly<Record<CheckName, Judgement>> {
  const { config, nowMs, network, supervisor, updateLock, commandHook: hook, disk } = facts;
  const diskHangs = fail(
    `The disk of ${config.statePath} did not answer within ${diskTimeoutMs / 1000} s.`,
    'Check the volume that it is on, and the kernel log (dmesg).',
  );
  const { identity } = disk?.node ?? {};
  return {
    configuration: judgeConfiguration(config, mistakes),
    'state directory': disk
      ? judgeStateDirectory(disk.directory, disk.node.identity.stored, isAgentOfAnother(disk.node))
      : diskHangs,
    'state file': disk
      ? judgeStateFile(disk.directory, disk.node.identity.stored, changesOf(disk.node), isAgentOfAnother(disk.node))
      : skip(diskSkipped),
    clock: judgeClock({ nowMs, builtMs, skewMs: clockSkew(network), certificate: certificateTime(network) }),
    'name lookup': judgeLookup(network),
    connection: judgeConnection(network),
    TLS: judgeTls(network, nowMs),
    Cloudly: judgeCloudly(network, identity?.standing),
    'join token': judgeJoinToken(joinTokenFacts(facts)),
    'Supervisor address': judgeSupervisorAddress(supervisor, config.device.uuid !== undefined),
    'Supervisor key': judgeSupervisorKey(supervisor),
    'Supervisor version': judgeSupervisorVersion(supervisor),
    'Supervisor apps': judgeSupervisorApps(supervisor),
    'update lock': judgeUpdateLock(updateLock, { config, published: disk?.node.published, supervisor }),
    agent: disk ? judgeAgent(disk.node, disk.directory.directory) : skip(diskSkipped),
    waking: disk ? judgeWaking(disk.node) : skip(diskSkipped),
    commands: disk ? judgeCommands({ config, node: disk.node, hook }) : skip(diskSkipped),
  };
}

const diskSkipped = 'Skipped: the disk does not answer.';

/** A running agent knows the state of the node; otherwise, it is the state in which an agent would start now. */
function joinTokenFacts({ config, disk }: Facts): JoinTokenFacts {
  const { joinToken, cloudlyUrl } = config;
  const hasCloudly = cloudlyUrl !== undefined;
  const form = joinToken && tokenForm('join', joinToken.reveal());
  if (!disk) return { hasCloudly, form, state: 'unknown' };
  const { published, identity } = disk.node;
  const { state, approvalCode } = published.kind === 'live' ? published.published.status.cloudly : identity.standing;
  return { hasCloudly, form, state, approvalCode, isFleeting: identity.stored.impermanence !== undefined };
}

/** Whether an agent of another user published a status that this one may not read. */
function isAgentOfAnother({ published }: NodeFacts): boolean {
  return published.kind === 'unreadable';
}

/** An agent that runs has said so in its log, and has stored what came of it. */
function changesOf({ published, identity }: NodeFacts): IdentityLook['changes'] {
  return published.kind === 'live' ? [] : identity.changes;
}
