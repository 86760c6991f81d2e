import type { DeviceReads } from './commands/device/read-device-view.js';
import type { OpenJournal } from './commands/journal/command-journal.js';
import { openMemoryJournal } from './commands/journal/memory-journal.js';
import type { OnCommand } from './commands/policy/on-command.js';
import { gateMemoryInProcess, type GateMemoryStore } from './gate/gate-memory-file.js';
import type { TakeServiceLock } from './gate/service-lock.js';
import type { RunnerConfig } from './config/runner-config.js';
import type { IdentityNotice, IdentityStore } from './identity/identity-store.js';
import { type Logger, silentLogger } from './ports/logger.js';
import { type Clock, systemClock } from './ports/clock.js';
import type { CloudlyCalls } from './ports/cloudly-calls.js';
import type { Machine } from './ports/machine.js';
import { type Randomness, systemRandomness } from './ports/randomness.js';
import type { StatusPublisher } from './ports/status-publisher.js';
import type { SupervisorCommands } from './ports/supervisor-commands.js';
import type { SupervisorReads } from './ports/supervisor-reads.js';
import type { Watchdog } from './ports/watchdog.js';
import { safeLogger } from './ports/safe-logger.js';
import { createSystemMachine } from './device/system-machine.js';

/** What commands call and read of the Supervisor. */
export type CommandSupervisor = SupervisorCommands & DeviceReads;

/** Everything that BaseRunner touches. It makes nothing itself, so that thousands run in one process of a simulation. */
export interface BaseRunnerOptions {
  config: RunnerConfig;
  /** Opens the state directory. It may wait for another agent to leave it, until `signal` aborts. */
  openIdentity: (options: {
    signal: AbortSignal;
    onWait: (message: string) => void;
    onNotice: (notice: IdentityNotice) => void;
  }) => Promise<IdentityStore>;
  /** Needed where `config.cloudlyUrl` is set. */
  connector?: CloudlyCalls | undefined;
  /** Left out: the Supervisor is reported as `not-configured`. */
  supervisor?: SupervisorReads | undefined;
  /**
   * The calls by which commands are carried out, such as a `SupervisorClient`. Left out: every command of Cloudly ends as
   * `unsupported`.
   */
  commandSupervisor?: CommandSupervisor | undefined;
  /** Decides about each command before it begins. @default every command that the settings accept runs */
  onCommand?: OnCommand | undefined;
  /**
   * Opens the record of commands, which keeps each from being begun twice.
   *
   * @default one in memory: after a restart, the commands that Cloudly lists first end as `interrupted`
   */
  openJournal?: OpenJournal | undefined;
  /**
   * Takes the update lock of our own service, by which a gated device holds releases back. Left out: it cannot hold any.
   */
  takeUpdateLock?: TakeServiceLock | undefined;
  /** Where it is kept how the last starts on a gated device went. @default in memory */
  gateMemory?: GateMemoryStore | undefined;
  /** The agent's version, as its status reports it. @default '0.0.0' */
  version?: string | undefined;
  /** @default one that logs nothing */
  logger?: Logger | undefined;
  /** Left out: nothing is published. */
  publisher?: StatusPublisher | undefined;
  /** What was logged last, to be published beside the status: lines for people and programs, without secrets. */
  recentLog?: (() => string) | undefined;
  /** Left out: nothing ends a process whose loop hangs. */
  watchdog?: Watchdog | undefined;
  /** @default the machine this process runs on */
  machine?: Machine | undefined;
  /** @default the system's */
  clock?: Clock | undefined;
  /** @default the system's */
  randomness?: Randomness | undefined;
}

type LeftOut =
  | 'takeUpdateLock'
  | 'connector'
  | 'supervisor'
  | 'commandSupervisor'
  | 'onCommand'
  | 'publisher'
  | 'recentLog'
  | 'watchdog';

export type ResolvedOptions = {
  [Name in Exclude<keyof BaseRunnerOptions, LeftOut>]-?: NonNullable<BaseRunnerOptions[Name]>;
} & { [Name in LeftOut]: BaseRunnerOptions[Name] };

/** Checks the options and settles their defaults. Throws a TypeError that names the option. */
export function resolveOptions(options: BaseRunnerOptions): ResolvedOptions {
  if (options.config.cloudlyUrl !== undefined && options.connector === undefined) {
    throw new TypeError('The option `connector` is needed where `config.cloudlyUrl` is set.');
  }
  return {
    config: options.config,
    openIdentity: options.openIdentity,
    connector: options.connector,
    supervisor: options.supervisor,
    commandSupervisor: options.commandSupervisor,
    onCommand: options.onCommand,
    takeUpdateLock: options.takeUpdateLock,
    gateMemory: options.gateMemory ?? gateMemoryInProcess(),
    openJournal: options.openJournal ?? openMemoryJournal,
    version: options.version ?? '0.0.0',
    logger: safeLogger(options.logger ?? silentLogger),
    publisher: options.publisher,
    recentLog: options.recentLog,
    watchdog: options.watchdog,
    machine: options.machine ?? createSystemMachine({ statePath: options.config.statePath }),
    clock: options.clock ?? systemClock,
    randomness: options.randomness ?? systemRandomness,
  };
}
