import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import {
  createSystemMachine,
  examineState,
  type FoundStatus,
  judgeConfiguration as judgeMistakenSettings,
  judgeMistakes,
  type JudgedMistakes,
  parseConfig,
  readPublishedStatus,
  type RunnerConfig,
  type StateExamination,
  tokenForm,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import type { CommandContext } from '../cli/command-context.js';
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
import { type NetworkFacts, probeNetwork } from '../facts/probe-network.js';
import { probeSupervisor, type SupervisorFacts } from '../facts/probe-supervisor.js';
import { probeUpdateLock, type UpdateLockFacts } from '../facts/probe-update-lock.js';
import { judgeUpdateLock } from './judge-update-lock.js';
import { type Probed, within } from '../facts/within.js';

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

/** All that the judgements rest on. */
interface Facts {
  /** As far as it can be used. */
  config: RunnerConfig;
  /** As an agent on this device would take them. */
  mistakes: JudgedMistakes;
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
  const findingOf = (check: CheckName): Finding => ({ check, ...judgements[check] });
  const checks = checkNames.map(findingOf);
  const ok = checks.every(({ verdict }) => verdict !== 'fail');
  return { ok, durationMs: Math.round(performance.now() - startedMs), checks };
}

type Judgements = Readonly<Record<CheckName, Judgement>>;

async function judge(env: CommandContext['env'], options: ExamineOptions): Promise<Judgements> {
  const parsed = parseConfig(env);
  const facts = await gather(env, parsed.ok ? parsed.config : parsed.usable, options);
  const mistaken = new Set(facts.mistakes.needed.map(({ variable }) => variable));
  const entries = Object.entries(judgeAll(facts)).map(([check, judgement]) => {
    const causes = restsOn[check as CheckName]?.filter((name) => mistaken.has(name)) ?? [];
    return [check, causes.length > 0 ? skip(`Not checked, as ${causes.join(' and ')} cannot be used.`) : judgement];
  });
  return Object.fromEntries(entries) as Judgements;
}

function secretVariable(name: string): string[] {
  return [name, `${name}_FILE`];
}

const wayToCloudly = [
  'BASEOS_CLOUDLY_URL',
  'BASEOS_ALLOW_INSECURE_HTTP',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'BASEOS_CA_FILE',
  'BASEOS_CA_PEM',
];
const supervisorSettings = ['BALENA_SUPERVISOR_ADDRESS', ...secretVariable('BALENA_SUPERVISOR_API_KEY')];

/** The variables without which a check would look at another thing than the agent does. */
const restsOn: Readonly<Partial<Record<CheckName, readonly string[]>>> = {
  'state directory': ['BASEOS_STATE_PATH'],
  'state file': ['BASEOS_STATE_PATH'],
  clock: ['BASEOS_CLOUDLY_URL'],
  'name lookup': wayToCloudly,
  connection: wayToCloudly,
  TLS: wayToCloudly,
  Cloudly: wayToCloudly,
  'join token': [
    'BASEOS_CLOUDLY_URL',
    'BASEOS_STATE_PATH',
    ...secretVariable('BASEOS_JOIN_TOKEN'),
    ...secretVariable('BASEOS_NODE_TOKEN'),
  ],
  'Supervisor address': supervisorSettings,
  'Supervisor key': supervisorSettings,
  'Supervisor version': supervisorSettings,
  'Supervisor apps': supervisorSettings,
  agent: ['BASEOS_STATE_PATH', 'BASEOS_RUN_PATH'],
};

async function gather(env: CommandContext['env'], config: RunnerConfig, options: ExamineOptions): Promise<Facts> {
  const { cloudlyUrl, mistakes: found = [] } = config;
  const isWayKnown = !found.some(({ variable }) => wayToCloudly.includes(variable));
  const [network, supervisor, updateLock, disk, mistakes] = await Promise.all([
    isWayKnown && cloudlyUrl ? probeNetwork({ config: { ...config, cloudlyUrl }, ...options }) : undefined,
    probeSupervisor(config),
    within(diskTimeoutMs, async () => probeUpdateLock(env)),
    within(diskTimeoutMs, async () => examineDisk(config)),
    within(diskTimeoutMs, async () => judgeMistakenSettings(config)),
  ]);
  return {
    config,
    mistakes: valueOf(mistakes) ?? judgeMistakes(config.mistakes, 'unknown'),
    nowMs: Date.now(),
    network,
    supervisor,
    updateLock: valueOf(updateLock),
    disk: valueOf(disk),
  };
}

function valueOf<Value>(probed: Probed<Value>): Value | undefined {
  return probed.kind === 'done' ? probed.value : undefined;
}

async function examineDisk({ statePath, runPath }: RunnerConfig): Promise<NonNullable<Facts['disk']>> {
  const published = await readPublishedStatus({ runPath, statePath, machine: createSystemMachine({ statePath }) });
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

function judgeConfiguration({ config, mistakes }: Pick<Facts, 'config' | 'mistakes'>): Judgement {
  const { sources } = config;
  const warnings = [...mistakes.warnings, ...config.warnings];
  if (mistakes.needed.length > 0) {
    const messages = [...mistakes.needed.map(({ message }) => message), ...warnings];
    return fail(messages.join(' '), 'Correct the variables that it names; the agent does not start before.', {
      variables: mistakes.needed.map(({ variable }) => variable),
    });
  }
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
