import type { LogLevel, Settings } from '@serve.zone/baseos-contracts';
import type { Logger } from '../ports/logger.js';

/** Follows the settings that Cloudly sends for this node. */
export class DesiredStateKeeper {
  readonly #ownLogLevel: LogLevel;
  readonly #logger: Logger;
  #cloudlyLogLevel: LogLevel | undefined;

  constructor(options: { logLevel: LogLevel; logger: Logger }) {
    this.#ownLogLevel = options.logLevel;
    this.#logger = options.logger;
    this.#logger.setLevel(this.#ownLogLevel);
  }

  /** The level that Cloudly wants; absent while the node's own is in force. */
  get cloudlyLogLevel(): LogLevel | undefined {
    return this.#cloudlyLogLevel;
  }

  /** Takes in the settings of the newest desired state. */
  follow(settings: Settings | undefined): void {
    const wanted = settings?.logLevel;
    if (wanted === this.#cloudlyLogLevel) return;
    this.#cloudlyLogLevel = wanted;
    this.#logger.setLevel(wanted ?? this.#ownLogLevel);
    this.#logger.info(
      wanted === undefined
        ? `Cloudly no longer sets the log level: it is ${this.#ownLogLevel} again.`
        : `Cloudly sets the log level to ${wanted}.`,
      { logLevel: wanted ?? this.#ownLogLevel },
    );
  }
}
