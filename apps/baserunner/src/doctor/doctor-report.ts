import { tokenForm } from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import { diskTimeoutMs, type Facts } from '../facts/gather-facts.js';
import { type CheckName, checkNames, fail, type Finding, type Judgement, skip } from './finding.js';
import { judgeAgent } from './judge-agent.js';
import { certificateTime, clockSkew, judgeClock } from './judge-clock.js';
import { judgeCloudly } from './judge-cloudly.js';
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
  const mistaken = new Set(facts.mistakes.needed.map(({ variable }) => variable));
  const judgements = judgeAll(facts);
  const findingOf = (check: CheckName): Finding => {
    const causes = restsOn[check]?.filter((name) => mistaken.has(name)) ?? [];
    if (causes.length === 0) return { check, ...judgements[check] };
    return { check, ...skip(`Skipped: ${causes.join(' and ')} cannot be used.`) };
  };
  const checks = checkNames.map(findingOf);
  return { ok: checks.every(({ verdict }) => verdict !== 'fail'), durationMs: facts.durationMs, checks };
}

function judgeAll(facts: Facts): Readonly<Record<CheckName, Judgement>> {
  const { config, nowMs, network, supervisor, updateLock, disk } = facts;
  const diskHangs = fail(
    `The disk of ${config.statePath} did not answer within ${diskTimeoutMs / 1000} s.`,
    'Look at the volume that it is on, and at the log of the kernel (dmesg).',
  );
  return {
    configuration: judgeConfiguration(facts),
    'state directory': disk ? judgeStateDirectory(disk.state) : diskHangs,
    'state file': disk ? judgeStateFile(disk.state) : skip('Not read, as the disk does not answer.'),
    clock: judgeClock({ nowMs, builtMs, skewMs: clockSkew(network), certificate: certificateTime(network) }),
    'name lookup': judgeLookup(network),
    connection: judgeConnection(network),
    TLS: judgeTls(network, nowMs),
    Cloudly: judgeCloudly(network, disk?.state.stored),
    'join token': judgeJoinToken({
      ...joinTokenFacts(facts),
      isFleeting: disk?.state.stored.impermanence !== undefined,
    }),
    'Supervisor address': judgeSupervisorAddress(supervisor, config.device.uuid !== undefined),
    'Supervisor key': judgeSupervisorKey(supervisor),
    'Supervisor version': judgeSupervisorVersion(supervisor),
    'Supervisor apps': judgeSupervisorApps(supervisor),
    'update lock': judgeUpdateLock(updateLock),
    agent: disk ? judgeAgent(disk.published, disk.state) : skip('Not known, as the disk does not answer.'),
  };
}

function joinTokenFacts({ config, disk }: Facts): JoinTokenFacts {
  const { joinToken, nodeToken, cloudlyUrl } = config;
  const form = joinToken && tokenForm('join', joinToken.reveal());
  const hasCloudly = cloudlyUrl !== undefined;
  if (!disk || disk.state.stored.source === 'unreadable') return { hasCloudly, form, node: 'unknown' };
  if (disk.published.kind === 'live') {
    const { state, approvalCode } = disk.published.published.status.cloudly;
    return { hasCloudly, form, node: state === 'not-configured' ? 'unknown' : state, approvalCode };
  }
  const { enrolment } = disk.state.stored;
  const isThisOne = enrolment?.origin === cloudlyUrl?.origin;
  if (isThisOne && enrolment?.dormancy) return { hasCloudly, form, node: 'dormant' };
  const isEnrolled = nodeToken !== undefined || (isThisOne && enrolment?.hasNodeToken === true);
  if (isThisOne && !isEnrolled && enrolment?.approvalCode !== undefined) {
    return { hasCloudly, form, node: 'pending', approvalCode: enrolment.approvalCode };
  }
  return { hasCloudly, form, node: isEnrolled ? 'registered' : 'unregistered' };
}
