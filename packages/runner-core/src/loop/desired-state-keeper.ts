import {
  type Command,
  type CommandResult,
  type DesiredState,
  limits,
  type LogLevel,
  safeText,
} from '@serve.zone/baseos-contracts';
import type { Logger } from '../ports/logger.js';

/** What the answer to an accepted call says about the desired state. */
export interface DesiredStateAnswer {
  /** Absent: nothing changes. Present: it is complete. */
  desiredState: DesiredState | undefined;
  /** False for a legacy Cloudly, whose commands are never followed. */
  mayCommand: boolean;
  /** When the request was sent, by the monotonic clock: the time that a command has counts from there. */
  sentMs: number;
  /** The contents of the request have arrived. */
  deliveredResults: readonly CommandResult[];
}

/** Follows the desired state that Cloudly sends for this node. */
export class DesiredStateKeeper {
  readonly #ownLogLevel: LogLevel;
  readonly #logger: Logger;
  readonly #results = new Map<string, CommandResult>();
  /** The commands of the newest desired state: each is logged once, however often it is listed. */
  #listed: ReadonlySet<string> = new Set();
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

  /** For the next heartbeat: each result is sent until a 200 has acknowledged it. */
  get results(): CommandResult[] {
    return [...this.#results.values()];
  }

  /** Takes in what the newest answer says. */
  follow({ desiredState, mayCommand, deliveredResults }: DesiredStateAnswer): void {
    for (const { id } of deliveredResults) this.#results.delete(id);
    if (desiredState === undefined) return;
    this.#setLogLevel(desiredState.settings?.logLevel);
    if (mayCommand) this.#answer(desiredState.commands ?? []);
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

  /**
   * This version executes no commands, and says so for each. A command without space here is listed again while it is
   * due.
   */
  #answer(commands: readonly Command[]): void {
    for (const { id, kind } of commands) {
      const hasPlace = this.#results.has(id) || this.#results.size < limits.commandResultsMax;
      if (hasPlace) this.#results.set(id, { id, outcome: 'unsupported' });
      if (!this.#listed.has(id)) this.#warn(id, safeText(String(kind), 64));
    }
    this.#listed = new Set(commands.map(({ id }) => id));
  }

  #warn(id: string, kind: string | undefined): void {
    this.#logger.warn(`Cloudly asks for "${kind}", which this version of BaseRunner does not support.`, { id, kind });
  }
}
