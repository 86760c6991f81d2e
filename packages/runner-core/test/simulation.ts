import type { LogLevel } from '@serve.zone/baseos-contracts';
import { BaseRunner } from '../src/base-runner.js';
import type { BaseRunnerOptions } from '../src/base-runner-options.js';
import type { RunnerConfig } from '../src/config/runner-config.js';
import type { Clock } from '../src/ports/clock.js';
import type { LogFields, Logger } from '../src/ports/logger.js';
import type { Machine } from '../src/ports/machine.js';
import type { Randomness } from '../src/ports/randomness.js';
import { Secret } from '../src/values/secret.js';
import { FakeCloudly } from './fake-cloudly.js';
import { MemoryIdentityStore } from './memory-identity-store.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualWatchdog } from './virtual-watchdog.js';

export function simulatedConfig(changes: Partial<RunnerConfig> = {}): RunnerConfig {
  return {
    cloudlyUrl: new URL('https://cloudly.example'),
    joinToken: new Secret('join-token'),
    statePath: '/nowhere/state.json',
    heartbeatIntervalMs: 60_000,
    startSpreadMs: 60_000,
    wake: 'on',
    logLevel: 'info',
    logFormat: 'json',
    allowInsecureHttp: false,
    updates: 'free',
    gateOpensAfter: { durationMs: 30 * 24 * 3_600_000, text: '30d' },
    device: { uuid: 'abc', type: 'raspberrypi4-64', appId: 7, appName: 'app', serviceName: 'baserunner' },
    sources: { BASEOS_CLOUDLY_URL: 'environment', BASEOS_HEARTBEAT_INTERVAL_MS: 'default', BASEOS_NODE_ID: 'unset' },
    warnings: [],
    ...changes,
  };
}

export function simulatedMachine(clock: VirtualClock, hostname = () => 'device'): Machine {
  return {
    runtime: () => ({ name: 'node', version: '24.0.0' }),
    host: () => ({ hostname: hostname(), platform: 'linux', arch: 'arm64', cpuCount: 4, memoryTotalBytes: 4e9 }),
    agentRssBytes: () => 5e7,
    uptimeMs: () => 1_000_000 + clock.monotonicMs(),
    vitals: async () => ({
      hostUptimeMs: 1_000_000 + clock.monotonicMs(),
      memoryAvailableBytes: 2e9,
    }),
  };
}

/** Chance that a test decides on: every fraction is the same. */
function fixedRandomness(fraction: number): Randomness {
  return {
    fraction: () => fraction,
    uuid: () => '5f1c7a08-2f5a-4f1e-8f5e-3a1f2b0c9d77',
    bytes: (length) => new Uint8Array(length).fill(1),
  };
}

export interface LogLine {
  level: LogLevel;
  message: string;
  fields: LogFields | undefined;
}

/** Keeps what is logged, whatever the level. */
export function recordingLogger(): { logger: Logger; lines: LogLine[]; levels: LogLevel[] } {
  const lines: LogLine[] = [];
  const levels: LogLevel[] = [];
  const write = (level: LogLevel) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields });
  const logger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    setLevel: (level: LogLevel) => void levels.push(level),
  };
  return { logger, lines, levels };
}

/** One real BaseRunner whose clock, chance, Cloudly, disk and machine are the test's. */
export function simulate({
  config,
  store = new MemoryIdentityStore(),
  fraction = 0.5,
  hostname,
  clock = new VirtualClock(),
  agentClock = clock,
  ...options
}: Partial<Omit<BaseRunnerOptions, 'config' | 'clock' | 'randomness'>> & {
  config?: Partial<RunnerConfig>;
  store?: MemoryIdentityStore;
  fraction?: number;
  /** Asked for at every look at the device. */
  hostname?: () => string;
  clock?: VirtualClock;
  /** The same time as the agent sees it. */
  agentClock?: Clock;
} = {}) {
  const cloudly = new FakeCloudly(clock);
  const issuedEarlier = store.current.enrolment?.nodeToken?.reveal();
  if (issuedEarlier !== undefined) cloudly.knownTokens.add(issuedEarlier);
  const { logger, lines, levels } = recordingLogger();
  const watchdog = new VirtualWatchdog(clock);
  const runner = new BaseRunner({
    config: simulatedConfig(config),
    openIdentity: async () => store,
    connector: cloudly,
    machine: simulatedMachine(clock, hostname),
    clock: agentClock,
    randomness: fixedRandomness(fraction),
    logger,
    watchdog,
    version: '1.2.3',
    ...options,
  });
  /** What an operator reads at the default level. */
  const told = () => lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
  return { runner, clock, cloudly, store, watchdog, lines, levels, told };
}
