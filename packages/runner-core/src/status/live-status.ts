import type { Logger } from '../ports/logger.js';
import type { Clock } from '../ports/clock.js';
import type { Machine } from '../ports/machine.js';
import type { StatusPublisher } from '../ports/status-publisher.js';
import type { PublishedStatus } from './published-status.js';
import { HEALTHY_UNTIL_FILE_NAME, RECENT_LOG_FILE_NAME, STATUS_FILE_NAME } from '../config/agent-files.js';
import { deviceBootId } from './device-boot-id.js';
import { pidNamespace } from './process-runs.js';

export interface LiveStatusOptions {
  publisher: StatusPublisher;
  machine: Machine;
  clock: Clock;
  agent: PublishedStatus['agent'];
  /** As for BaseRunner. */
  recentLog?: (() => string) | undefined;
  logger: Logger;
}

type Times = Pick<PublishedStatus, 'writtenAtUptimeSeconds' | 'healthyUntilUptimeSeconds'>;

/** What a slow disk and a busy processor may add before the agent counts as hung. */
const slackMs = 30_000;

/**
 * The agent's status for others on the device to read, and the deadline by which a health check judges it. It is
 * written in the background, since a directory that hangs must not hold the loop; if that is slower than the agent, the
 * newest status wins.
 */
export class LiveStatus {
  readonly #options: LiveStatusOptions;
  readonly #pidNamespace = pidNamespace();
  readonly #deviceBootId = deviceBootId();
  #newest: Readonly<Record<string, string>> | undefined;
  #writing: Promise<void> | undefined;
  #isFailureTold = false;

  constructor(options: LiveStatusOptions) {
    this.#options = options;
  }

  /** @param hangsAfterMs when the agent counts as hung, unless it publishes again. */
  publish({ status, nextRequest }: Pick<PublishedStatus, 'status' | 'nextRequest'>, hangsAfterMs: number): void {
    const { clock, agent, recentLog } = this.#options;
    const times = this.#times(hangsAfterMs);
    const published: PublishedStatus = {
      format: 1,
      agent,
      pidNamespace: this.#pidNamespace,
      writtenAt: new Date(clock.wallMs()).toISOString(),
      deviceBootId: this.#deviceBootId,
      ...times,
      status,
      nextRequest,
    };
    this.#replace({
      [STATUS_FILE_NAME]: `${JSON.stringify(published)}\n`,
      ...(recentLog && { [RECENT_LOG_FILE_NAME]: recentLog() }),
      ...this.#deadline(times),
    });
  }

  /** Publishes only that the agent is alive: while it has no status of its own. */
  stayAlive(hangsAfterMs: number): void {
    this.#replace(this.#deadline(this.#times(hangsAfterMs)));
  }

  #times(hangsAfterMs: number): Times {
    const uptimeMs = this.#options.machine.uptimeMs();
    return {
      writtenAtUptimeSeconds: Math.floor(uptimeMs / 1000),
      healthyUntilUptimeSeconds: Math.ceil((uptimeMs + hangsAfterMs + slackMs) / 1000),
    };
  }

  #deadline({ healthyUntilUptimeSeconds, writtenAtUptimeSeconds }: Times) {
    return {
      [HEALTHY_UNTIL_FILE_NAME]: `${healthyUntilUptimeSeconds} ${writtenAtUptimeSeconds} ${this.#deviceBootId ?? '-'}\n`,
    };
  }

  #replace(files: Readonly<Record<string, string>>): void {
    this.#newest = { ...this.#newest, ...files };
    this.#writing ??= this.#write();
  }

  /** The agent no longer runs. */
  async withdraw(): Promise<void> {
    await this.#writing;
    await this.#options.publisher.withdraw();
  }

  async #write(): Promise<void> {
    for (let files = this.#newest; files; files = this.#newest) {
      this.#newest = undefined;
      try {
        await this.#options.publisher.publish(files);
        this.#isFailureTold = false;
      } catch (error) {
        if (!this.#isFailureTold) this.#options.logger.error('The live status could not be published.', { error });
        this.#isFailureTold = true;
      }
    }
    this.#writing = undefined;
  }
}
