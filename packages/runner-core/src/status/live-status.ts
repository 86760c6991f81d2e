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

  /** @param nextWithinMs when the agent will have made its next step, unless it hangs. */
  publish({ status, nextRequest }: Pick<PublishedStatus, 'status' | 'nextRequest'>, nextWithinMs: number): void {
    const { machine, clock, agent, recentLog } = this.#options;
    const healthyUntilUptimeSeconds = Math.ceil((machine.uptimeMs() + nextWithinMs + slackMs) / 1000);
    const writtenAtUptimeSeconds = Math.floor(machine.uptimeMs() / 1000);
    const published: PublishedStatus = {
      format: 1,
      agent,
      pidNamespace: this.#pidNamespace,
      writtenAt: new Date(clock.wallMs()).toISOString(),
      writtenAtUptimeSeconds,
      deviceBootId: this.#deviceBootId,
      healthyUntilUptimeSeconds,
      status,
      nextRequest,
    };
    this.#newest = {
      [STATUS_FILE_NAME]: `${JSON.stringify(published, undefined, 2)}\n`,
      ...(recentLog && { [RECENT_LOG_FILE_NAME]: recentLog() }),
      [HEALTHY_UNTIL_FILE_NAME]: `${healthyUntilUptimeSeconds} ${writtenAtUptimeSeconds} ${this.#deviceBootId ?? '-'}\n`,
    };
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
