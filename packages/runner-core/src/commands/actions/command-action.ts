import type { CommandPhase, CommandRequest, CommandResult } from '@serve.zone/baseos-contracts';
import type { SupervisorCommands } from '../../ports/supervisor-commands.js';
import type { DeviceView } from '../device/device-view.js';

/** What is stored before the Supervisor is asked, to tell afterwards what became of it. */
export interface AskNotes {
  kernelBootId?: string | undefined;
  appId?: number | undefined;
  /** The container IDs of the services concerned, by the service's name. */
  containers: Record<string, string>;
  fromCommit?: string | undefined;
  targetCommit?: string | undefined;
}

/** How a command ended, without its ID and duration. */
export type Ending = Omit<CommandResult, 'id' | 'durationMs'>;

/** The command does not begin now, and gives its turn to the others. */
export interface Waits {
  phase: Extract<CommandPhase, 'postponed' | 'waiting-for-lock' | 'downloading'>;
  /** For a person. */
  reason: string;
  progressPercent?: number | undefined;
  retryMs: number;
}

/** What the device allows before the Supervisor is asked. */
export type Prepared =
  | { kind: 'ready'; notes: AskNotes }
  /** The Supervisor is at it already: nothing is asked, and it is watched as if the Supervisor had accepted the call. */
  | { kind: 'follow'; notes: AskNotes }
  /** There is nothing to ask: it is refused, impossible or already so. */
  | { kind: 'end'; ending: Ending }
  | ({ kind: 'wait' } & Waits);

/** What the Supervisor made of the call. */
export type Asked =
  | { kind: 'accepted' }
  /** The answer itself is the outcome. */
  | { kind: 'ended'; ending: Ending }
  /** Nothing has happened: a lock (423), or no connection. `lock-tries`: when it is tried again depends on how long it waits. */
  | ({ kind: 'definite-no' } & Omit<Waits, 'retryMs'> & { retryMs: number | 'lock-tries' })
  /** The answer was lost: it may have happened. */
  | { kind: 'unknown' };

/** What became of the command as of the newest look. */
export type Watched =
  | {
      kind: 'goes-on';
      phase: CommandPhase;
      /** For a person. */
      reason?: string | undefined;
      progressPercent?: number | undefined;
      madeProgress: boolean;
    }
  | { kind: 'ended'; ending: Ending };

/** What has happened since the Supervisor was asked. */
export interface SinceAsk {
  askedMsAgo: number;
  /** Since `watch` last said `madeProgress`; since the ask, or a restart of the agent, until then. */
  lastProgressMsAgo: number;
  /** The Supervisor has accepted the call. Otherwise its answer was lost, or the agent ended before it knew. */
  accepted: boolean;
  /** The agent that asked has ended since. */
  restarted: boolean;
  /** The agent that asked was told to stop (SIGTERM). */
  sawOwnStop: boolean;
  /** The newest looks, oldest first: two or more, once there were so many. The last one is the view of this call. */
  samples: readonly DeviceView[];
  /**
   * How long ago `watch` said `verifying` for the first time, and what it saw then. It begins anew after a restart, and
   * when `watch` has said another phase since.
   */
  verifying?: { sinceMs: number; from: DeviceView } | undefined;
}

/** One kind of command and its calls to the Supervisor. */
export interface CommandAction {
  /** Pure: whether it may be asked now, and what is to be remembered. Called anew before every try. */
  prepare(command: CommandRequest, view: DeviceView): Prepared;
  /** The only effect: one call to the Supervisor. It never rejects. */
  ask(command: CommandRequest, calls: SupervisorCommands, signal: AbortSignal): Promise<Asked>;
  /** Pure: what became of it. Called every 3 s after the ask, and after a restart of the agent. */
  watch(command: CommandRequest, notes: AskNotes, view: DeviceView, sinceAsk: SinceAsk): Watched;
  /** What it means if the time is up after the Supervisor has accepted the call; otherwise it is `interrupted`. */
  timedOut: 'failed' | 'interrupted';
  /** Whether `watch` can tell the outcome after a restart of the agent; otherwise it ends `interrupted`. */
  survivesRestart: boolean;
  /** Pure: whether the Supervisor may be asked a second time when it is not known what became of the first. */
  mayAskAgain(command: CommandRequest, view: DeviceView): boolean;
}
