import type { SupervisorStatus } from '@serve.zone/baseos-contracts';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Logger } from '../ports/logger.js';
import type { Clock } from '../ports/clock.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { logSupervisor } from './log-supervisor.js';
import { readSupervisor } from './read-supervisor.js';
import { supervisorProblems } from './supervisor-problems.js';
import { inSentences } from '../values/problem.js';
import { endedByDeadline, hasAnswered, type SupervisorReadings, supervisorStatusOf } from './supervisor-status.js';

export interface SupervisorObserverOptions {
  config: Pick<RunnerConfig, 'device' | 'supervisorAddress'>;
  supervisor: SupervisorReads | undefined;
  clock: Clock;
  logger: Logger;
}

/**
 * Observes the Supervisor, one read at a time. An observation waits for its read. After a read has timed out, the next
 * observations use the last known values while a read continues in the background, until the Supervisor answers in time
 * again: a Supervisor that hangs delays only the first heartbeat.
 */
export class SupervisorObserver {
  readonly #options: SupervisorObserverOptions;
  #status: SupervisorStatus;
  #readings: SupervisorReadings | undefined;
  #seenMs: number | undefined;
  #logged: SupervisorStatus | undefined;
  /** The read that is under way: none overtakes another. */
  #reading: Promise<void> | undefined;

  constructor(options: SupervisorObserverOptions) {
    this.#options = options;
    this.#status = notConfigured(options.config);
  }

  get status(): SupervisorStatus {
    return this.#status;
  }

  /** What was read last. */
  get readings(): SupervisorReadings | undefined {
    return this.#readings;
  }

  /** When the Supervisor answered last, by the monotonic clock. */
  get seenMs(): number | undefined {
    return this.#seenMs;
  }

  /** Resolves within the budget of a read, or soon after `signal` aborts, which ends the read too. It never rejects. */
  async look(signal: AbortSignal): Promise<void> {
    const { supervisor } = this.#options;
    if (!supervisor) return this.#log();
    const isWaitedFor = this.#readings === undefined || !endedByDeadline(this.#readings);
    this.#reading ??= this.#read(supervisor, signal).finally(() => (this.#reading = undefined));
    if (isWaitedFor) await this.#reading;
  }

  async #read(supervisor: SupervisorReads, signal: AbortSignal): Promise<void> {
    const { clock, config } = this.#options;
    const readings = await readSupervisor(supervisor, { clock, signal });
    // Reads that a stop has cut off say nothing about the Supervisor.
    if (signal.aborted) return;
    this.#readings = readings;
    this.#status = supervisorStatusOf(readings, config.device, config.supervisorAddress);
    if (hasAnswered(readings)) this.#seenMs = clock.monotonicMs();
    this.#log();
  }

  #log(): void {
    logSupervisor(this.#logged, this.#status, this.#options.logger);
    this.#logged = this.#status;
  }
}

/** balenaOS tells every container which device it runs on. */
function notConfigured({ device }: Pick<RunnerConfig, 'device'>): SupervisorStatus {
  const { message, remedy } = supervisorProblems['not-configured'];
  return {
    state: 'not-configured',
    reason:
      device.uuid === undefined
        ? 'This is not a balenaOS device (no BALENA_* variables).'
        : inSentences({ message: message(), remedy }),
  };
}
