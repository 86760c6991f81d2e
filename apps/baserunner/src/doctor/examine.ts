import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import {
  createSystemMachine,
  examineState,
  type FoundStatus,
  parseConfig,
  readPublishedStatus,
  type RunnerConfig,
  type StateExamination,
  tokenForm,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../build-time.js';
import type { CommandContext } from '../command-context.js';
import { type CheckName, checkNames, fail, type Finding, type Judgement, pass, skip, warn } from './finding.js';
import { judgeAgent } from './judge-agent.js';
import { certificateTime, clockSkew, judgeClock } from './judge-clock.js';
import { judgeCloudly } from './judge-cloudly.js';
import { judgeJoinToken, type JoinTokenFacts } from './judge-join-token.js';
import { judgeConnection, judgeLookup, judgeTls } from './judge-network.js';
import { judgeStateDirectory, judgeStateFile } from './judge-state.js';
import {
  judgeSupervisorAddress,
  judgeSupervisorApps,
  judgeSupervisorKey,
  judgeSupervisorVersion,
} from './judge-supervisor.js';
import { type NetworkFacts, probeNetwork } from './probe-network.js';
import { probeSupervisor, type SupervisorFacts } from './probe-supervisor.js';
import { judgeUpdateLock, probeUpdateLock, type UpdateLockFacts } from './update-lock.js';
import { type Probed, within } from './within.js';

/** What `baserunner doctor --json` prints. Nothing in it is secret. */
export interface DoctorReport {
  /** Whether no check failed. */
  ok: boolean;
  durationMs: number;
  checks: readonly Finding[];
}

export interface ExamineOptions {
  /** @default the system's */
  lookup?: ((host: string) => Promise<string[]>) | undefined;
  fetch?: FetchLike | undefined;
}

/** All that the judgements rest on, of a device whose configuration can be used. */
interface Facts {
  config: RunnerConfig;
  nowMs: number;
  network: NetworkFacts | undefined;
  supervisor: SupervisorFacts | undefined;
  updateLock: UpdateLockFacts | undefined;
  /** Absent where the disk did not answer in time. */
  disk: { state: StateExamination; published: FoundStatus } | undefined;
}

const diskTimeoutMs = 5000;

/**
 * Looks at everything that the agent rests on, and judges it. It changes nothing, here or at Cloudly, sends no secret to
 * anybody but the Supervisor's key to the Supervisor, and is done within 15 s whatever hangs.
 */
export async function examine(env: CommandContext['env'], options: ExamineOptions = {}): Promise<DoctorReport> {
  const startedMs = performance.now();
  const judgements = await judge(env, options);
  const checks = checkNames.map((check): Finding => ({ check, ...judgements[check] }));
  const ok = checks.every(({ verdict }) => verdict !== 'fail');
  return { ok, durationMs: Math.round(performance.now() - startedMs), checks };
}

type Judgements = Readonly<Record<CheckName, Judgement>>;

async function judge(env: CommandContext['env'], options: ExamineOptions): Promise<Judgements> {
  const parsed = parseConfig(env);
  if (parsed.ok) return judgeAll(await gather(env, parsed.config, options));
  const messages = [...parsed.mistakes.map(({ message }) => message), ...parsed.warnings];
  const unusable = skip('Not checked, as the configuration cannot be used.');
  return {
    ...(Object.fromEntries(checkNames.map((check) => [check, unusable])) as Judgements),
    configuration: fail(messages.join(' '), 'Correct the variables that it names; the agent does not start before.', {
      variables: parsed.mistakes.map(({ variable }) => variable),
    }),
  };
}

async function gather(env: CommandContext['env'], config: RunnerConfig, options: ExamineOptions): Promise<Facts> {
  const { cloudlyUrl } = config;
  const [network, supervisor, updateLock, disk] = await Promise.all([
    cloudlyUrl && probeNetwork({ config: { ...config, cloudlyUrl }, ...options }),
    probeSupervisor(env),
    within(diskTimeoutMs, async () => probeUpdateLock(env)),
    within(diskTimeoutMs, async () => examineDisk(config)),
  ]);
  return { config, nowMs: Date.now(), network, supervisor, updateLock: valueOf(updateLock), disk: valueOf(disk) };
}

const valueOf = <Value>(probed: Probed<Value>): Value | undefined =>
  probed.kind === 'done' ? probed.value : undefined;

async function examineDisk({ statePath, runPath }: RunnerConfig): Promise<NonNullable<Facts['disk']>> {
  const published = await readPublishedStatus({ runPath, machine: createSystemMachine({ statePath }) });
  return { published, state: await examineState({ statePath, isAgentsUser: published.kind === 'live' }) };
}

/** Pure. */
function judgeAll(facts: Facts): Judgements {
  const { config, nowMs, network, supervisor, updateLock, disk } = facts;
  const diskHangs = fail(
    `The disk of ${config.statePath} did not answer within ${diskTimeoutMs / 1000} s.`,
    'Look at the volume that it is on, and at the log of the kernel (dmesg).',
  );
  return {
    configuration: judgeConfiguration(config),
    'state directory': disk ? judgeStateDirectory(disk.state) : diskHangs,
    'state file': disk ? judgeStateFile(disk.state) : skip('Not read, as the disk does not answer.'),
    clock: judgeClock({ nowMs, builtMs, skewMs: clockSkew(network), certificate: certificateTime(network) }),
    'name lookup': judgeLookup(network),
    connection: judgeConnection(network),
    TLS: judgeTls(network, nowMs),
    Cloudly: judgeCloudly(network, disk?.state.stored),
    'join token': judgeJoinToken(joinTokenFacts(facts)),
    'Supervisor address': judgeSupervisorAddress(supervisor, config.device.uuid !== undefined),
    'Supervisor key': judgeSupervisorKey(supervisor),
    'Supervisor version': judgeSupervisorVersion(supervisor),
    'Supervisor apps': judgeSupervisorApps(supervisor),
    'update lock': judgeUpdateLock(updateLock),
    agent: disk ? judgeAgent(disk.published, disk.state) : skip('Not known, as the disk does not answer.'),
  };
}

function judgeConfiguration({ sources, warnings }: RunnerConfig): Judgement {
  const given = Object.values(sources).filter((source) => source === 'environment' || source === 'file').length;
  const facts = { sources };
  if (warnings.length > 0) return warn(warnings.join(' '), 'See what it says.', facts);
  return pass(
    `Every setting can be used; ${given} of ${Object.keys(sources).length} are given, the others have defaults or are unset.`,
    facts,
  );
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
