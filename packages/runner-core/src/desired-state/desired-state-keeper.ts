import { type CommandResult, type DesiredState, limits, type LogLevel } from '@serve.zone/baseos-contracts';
import type { Logger } from '../logger.js';

/** Follows what Cloudly wants of this node. */
export class DesiredStateKeeper {
  readonly #ownLogLevel: LogLevel;
  readonly #logger: Logger;
  readonly #results = new Map<string, CommandResult>();
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

  /** For the next heartbeat: each result goes out until a 200 has taken it. */
  get results(): CommandResult[] {
    return [...this.#results.values()];
  }

  /** A 200 took these. */
  delivered(results: readonly CommandResult[]): void {
    for (const { id } of results) this.#results.delete(id);
  }

  /**
   * Applies the newest desired state. Absent, nothing changes; present, it is complete.
   *
   * @param mayCommand false for a provisional Cloudly, whose commands are never followed.
   */
  apply(desired: DesiredState | undefined, { mayCommand }: { mayCommand: boolean }): void {
    if (desired === undefined) return;
    this.#setLogLevel(desired.settings?.logLevel);
    if (mayCommand) for (const { id, kind } of desired.commands ?? []) this.#answer(id, String(kind));
  }

  #setLogLevel(wanted: LogLevel | undefined): void {
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

  /** This version executes no commands, and says so for each. What finds no place is listed again while it is due. */
  #answer(id: string, kind: string): void {
    if (this.#results.has(id) || this.#results.size >= limits.commandResultsMax) return;
    this.#results.set(id, { id, outcome: 'unsupported' });
    this.#logger.warn(`Cloudly asks for "${kind}", which this version of BaseRunner does not do.`, { id, kind });
  }
}
