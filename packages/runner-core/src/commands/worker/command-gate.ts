import type { CommandPhase, UpdateMode } from '@serve.zone/baseos-contracts';
import type { AskNotes, Ending, Waits } from '../actions/command-action.js';
import type { DeviceView } from '../device/device-view.js';
import type { ListedCommand } from '../journal/journal-entry.js';

/** What holds releases back, and lets through what Cloudly commands. */
export interface CommandGate {
  /**
   * Before the Supervisor is asked; `asked` is in the journal by then. `undefined` lets the command through. It must not
   * reject.
   */
  beforeAsk(
    command: ListedCommand,
    notes: AskNotes,
    view: DeviceView,
  ): Promise<{ kind: 'end'; ending: Ending } | ({ kind: 'wait' } & Waits) | undefined>;
  /** The Supervisor has done what the command asks, or is at it: nothing more of it waits for a lock of ours, unless it updates. */
  onAccepted(command: ListedCommand): void;
  /** A command that was let through has come to another phase. */
  onPhase(command: ListedCommand, phase: CommandPhase): void;
  /** After a command that was let through has ended, or went back to waiting. */
  afterAsked(command: ListedCommand): void;
  /** Cloudly has answered with a 200. `updates`: how it wants the device to take releases; absent: as the device decides. */
  hear(answer: { updates: UpdateMode | undefined }): void;
}
