import { type RuntimeStatus, usableCount, usableNumber, type Vitals } from '@serve.zone/baseos-contracts';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Logger } from '../ports/logger.js';
import type { Clock } from '../ports/clock.js';
import type { Machine, MachineVitals } from '../ports/machine.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { supervisorBudgetMs } from './read-supervisor.js';
import { runtimeStatus } from './runtime-status.js';
import { SupervisorObserver } from './supervisor-observer.js';
import type { SupervisorReadings } from './supervisor-status.js';

/** What the agent knows about its device at one moment. */
export interface Observation {
  status: RuntimeStatus;
  vitals: DeviceVitals;
}

/** Without the results of its calls, which only the loop knows. */
export type DeviceVitals = Omit<Vitals, 'failedHeartbeats' | 'clockSkewMs'>;

export interface DeviceObserverOptions {
  config: Pick<RunnerConfig, 'device' | 'supervisorAddress'>;
  version: string;
  supervisor: SupervisorReads | undefined;
  /** The kinds of command that the device accepts, and `force`. @default none */
  acceptedCommands?: Readonly<RuntimeStatus['acceptedCommands']> | undefined;
  /** How the device takes releases, as of now; absent where that is not known. */
  updates?: (() => RuntimeStatus['updates']) | undefined;
  machine: Machine;
  clock: Clock;
  logger: Logger;
}

/** Looks at the device: the machine, and the Supervisor, within five seconds whatever they do. */
export class DeviceObserver {
  readonly #options: DeviceObserverOptions;
  readonly #startedMs: number;
  readonly #supervisor: SupervisorObserver;
  #machine: { vitals: MachineVitals; atMs: number } | undefined;
  /** The read that is in progress. Only one runs at a time, even if it hangs, so no read overtakes another. */
  #reading: Promise<void> | undefined;
  #latest: Observation | undefined;

  constructor(options: DeviceObserverOptions) {
    this.#options = options;
    this.#supervisor = new SupervisorObserver(options);
    this.#startedMs = options.clock.monotonicMs();
  }

  /** Absent until the device was observed once. */
  get latest(): Observation | undefined {
    return this.#latest;
  }

  /** Resolves within the budget, or soon after `signal` aborts. */
  async observe(signal: AbortSignal): Promise<Observation> {
    const { config, version, machine, acceptedCommands = [] } = this.#options;
    await Promise.all([this.#supervisor.look(signal), this.#readMachine(signal)]);
    const { readings } = this.#supervisor;
    const status = runtimeStatus({
      version,
      runtime: machine.runtime(),
      host: machine.host(),
      storageTotalBytes: this.#machine?.vitals.storageTotalBytes,
      device: config.device,
      hostOsVersion: readings?.device.ok === true ? readings.device.value.osVersion : undefined,
      supervisor: this.#supervisor.status,
      acceptedCommands: [...acceptedCommands],
      updates: this.#options.updates?.(),
    });
    this.#latest = { status, vitals: this.#vitals(readings) };
    return this.#latest;
  }

  /** A disk or a sensor that hangs must not delay a heartbeat either: the last known values are used. */
  async #readMachine(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const over = new AbortController();
    // A reason of its own: the usual one is an exception with a stack.
    const end = () => over.abort('over');
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    this.#reading ??= this.#readVitals().finally(() => (this.#reading = undefined));
    await Promise.race([this.#reading, clock.sleep(supervisorBudgetMs, over.signal)]);
    signal.removeEventListener('abort', end);
    end();
  }

  async #readVitals(): Promise<void> {
    const { machine, clock } = this.#options;
    try {
      this.#machine = { vitals: await machine.vitals(), atMs: clock.monotonicMs() };
    } catch {
      // The last known values are used.
    }
  }

  #vitals(readings: SupervisorReadings | undefined): DeviceVitals {
    const { clock, machine } = this.#options;
    const nowMs = clock.monotonicMs();
    const { vitals, atMs = nowMs } = this.#machine ?? {};
    return {
      agentUptimeMs: Math.round(nowMs - this.#startedMs),
      // The contract asks for this one.
      agentRssBytes: usableCount(machine.agentRssBytes()) ?? 0,
      hostUptimeMs: usableCount((vitals?.hostUptimeMs ?? Number.NaN) + nowMs - atMs),
      memoryAvailableBytes: usableCount(vitals?.memoryAvailableBytes),
      load1: usableNumber(vitals?.load1, { min: 0 }),
      storageFreeBytes: usableCount(vitals?.storageFreeBytes),
      cpuTemperatureCelsius: usableNumber(vitals?.cpuTemperatureCelsius),
      downloadProgressPercent: usableNumber(readings && downloadProgress(readings), { min: 0, max: 100 }),
      supervisorSeenMsAgo: usableCount(nowMs - (this.#supervisor.seenMs ?? Number.NaN)),
    };
  }
}

function downloadProgress({ device, stateStatus }: SupervisorReadings): number | undefined {
  const ofDevice = device.ok ? device.value.downloadProgressPercent : undefined;
  return ofDevice ?? (stateStatus.ok ? stateStatus.value.overallDownloadProgressPercent : undefined);
}
