import type { Command, CommandResult } from '@serve.zone/baseos-contracts';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import type { SupervisorCommands } from '../../ports/supervisor-commands.js';
import type { Problem } from '../../values/problem.js';
import type { CommandAction, Ending } from '../actions/command-action.js';
import type { DeviceView } from '../device/device-view.js';
import type { AcceptedCommands } from '../policy/accepted-commands.js';
import type { OnCommand } from '../policy/on-command.js';
import type { CommandRules } from '../rules/command-rules.js';
import type { CommandGate } from './command-gate.js';
import type { CommandRecord } from './command-record.js';
import type { EndedCounts } from './ended-counts.js';
import type { FollowedCommand, WaitingCommand } from './worker-state.js';

/** The device that commands are about, and what is known of each kind. */
export interface CommandedDevice {
  calls: SupervisorCommands;
  /** One look at the device. It never rejects, and ends soon after `signal` aborts. */
  look(signal: AbortSignal): Promise<DeviceView>;
  actionOf(kind: string): CommandAction | undefined;
  /** What a preview tells: how it would go, with nothing done. `refusal` is how the command would end before its turn. */
  preview(of: NonNullable<Command['of']>, view: DeviceView, refusal: Ending | undefined): Ending;
}

/** What the steps of the worker share. */
export interface WorkerContext {
  /** Absent where nothing can be carried out: then no command waits and none is followed. */
  device: CommandedDevice | undefined;
  record: CommandRecord;
  waiting: Map<string, WaitingCommand>;
  followed: Map<string, FollowedCommand>;
  /** Results that Cloudly had and has lost: it lists their commands again. */
  again: Map<string, CommandResult>;
  ended: EndedCounts;
  /** Why the program on the device that decides about commands gave no verdict last. */
  decision: { problem: Problem | undefined };
  accepted: AcceptedCommands | undefined;
  onCommand: OnCommand | undefined;
  gate: CommandGate | undefined;
  rules: CommandRules;
  clock: Clock;
  /** The kernel's boot and how long it lasts. */
  uptime: () => { kernelBootId: string | undefined; uptimeMs: number };
  logger: Logger;
  /** Something that Cloudly should know soon. */
  onNews: () => void;
  /** Nothing begins any more. */
  stopping: AbortSignal;
  /** What is under way ends. */
  abandon: AbortSignal;
}
