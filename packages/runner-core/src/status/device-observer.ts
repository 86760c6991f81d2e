import type { RuntimeStatus, SupervisorStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Logger } from '../logger.js';
import type { Clock } from '../ports/clock.js';
import type { Machine, MachineVitals } from '../ports/machine.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { narrateSupervisor } from './narrate-supervisor.js';
import { readSupervisor, supervisorBudgetMs } from './read-supervisor.js';
import { runtimeStatus } from './runtime-status.js';
import { statusHash } from './status-hash.js';
import { hasAnswered, type SupervisorReadings, supervisorStatusOf } from './supervisor-status.js';

/** What the agent knows of its device at one moment; the loop adds what it knows of Cloudly. */
export interface Observation {
  status: RuntimeStatus;
  statusHash: string;
  vitals: Omit<Vitals, 'failedHeartbeats' | 'clockSkewMs'>;
}

export interface DeviceObserverOptions {
  config: Pick<RunnerConfig, 'device'>;
  version: string;
  supervisor: SupervisorReads | undefined;
  machine: Machine;
  clock: Clock;
  logger: Logger;
}

/** Looks at the device: the machine, and the Supervisor, within five seconds whatever they do. */
export class DeviceObserver {
  readonly #options: DeviceObserverOptions;
  readonly #startedMs: number;
  #supervisor: SupervisorStatus = notConfigured;
  #supervisorSeenMs: number | undefined;
  #machineVitals: MachineVitals;
  #latest: Observation | undefined;

  constructor(options: DeviceObserverOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#machineVitals = { hostUptimeMs: 0, agentRssBytes: 0, memoryAvailableBytes: 0 };
  }

  /** Absent until the device was observed once. */
  get latest(): Observation | undefined {
    return this.#latest;
  }

  /** Resolves within the budget, or soon after `signal` aborts. */
  async observe(signal: AbortSignal, previousNodeId?: string): Promise<Observation> {
    const { config, version, machine } = this.#options;
    const [readings] = await Promise.all([this.#readSupervisor(signal), this.#readMachine(signal)]);
    const status = runtimeStatus({
      version,
      runtime: machine.runtime(),
      host: machine.host(),
      device: config.device,
      hostOsVersion: readings?.device.ok === true ? readings.device.value.osVersion : undefined,
      supervisor: this.#supervisor,
      previousNodeId,
    });
    this.#latest = { status, statusHash: statusHash(status), vitals: this.#vitals(readings) };
    return this.#latest;
  }

  async #readSupervisor(signal: AbortSignal): Promise<SupervisorReadings | undefined> {
    const { supervisor, clock, config, logger } = this.#options;
    const before = this.#latest && this.#supervisor;
    const readings = supervisor && (await readSupervisor(supervisor, { clock, signal }));
    // Reads that were cut off by a stop say nothing of the Supervisor.
    if (signal.aborted) return undefined;
    if (readings) {
      this.#supervisor = supervisorStatusOf(readings, config.device);
      if (hasAnswered(readings)) this.#supervisorSeenMs = clock.monotonicMs();
    }
    narrateSupervisor(before, this.#supervisor, logger);
    return readings;
  }

  /** A disk or a sensor that hangs must not hold a heartbeat back either: then the last values stand in. */
  async #readMachine(signal: AbortSignal): Promise<void> {
    const { machine, clock } = this.#options;
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const read = (async () => {
      this.#machineVitals = await machine.vitals();
    })().catch(() => undefined);
    await Promise.race([read, clock.sleep(supervisorBudgetMs, over.signal)]);
    signal.removeEventListener('abort', end);
    end();
  }

  #vitals(readings: SupervisorReadings | undefined): Observation['vitals'] {
    const { clock, machine } = this.#options;
    const seenMs = this.#supervisorSeenMs;
    return {
      ...this.#machineVitals,
      hostUptimeMs: Math.round(machine.uptimeMs()),
      agentUptimeMs: Math.round(clock.monotonicMs() - this.#startedMs),
      downloadProgressPercent: readings && downloadProgress(readings),
      supervisorSeenMsAgo: seenMs === undefined ? undefined : Math.round(clock.monotonicMs() - seenMs),
    };
  }
}

const notConfigured: SupervisorStatus = {
  state: 'not-configured',
  reason: 'BALENA_SUPERVISOR_ADDRESS is not set: the label io.balena.features.supervisor-api gives it to a service.',
};

const downloadProgress = ({ device, stateStatus }: SupervisorReadings): number | undefined => {
  const ofDevice = device.ok ? device.value.downloadProgressPercent : undefined;
  return ofDevice ?? (stateStatus.ok ? stateStatus.value.overallDownloadProgressPercent : undefined);
};
