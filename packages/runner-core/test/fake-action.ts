import type { CommandRequest } from '@serve.zone/baseos-contracts';
import type {
  Asked,
  AskNotes,
  CommandAction,
  Prepared,
  SinceAsk,
  Watched,
} from '../src/commands/actions/command-action.js';
import type { DeviceView } from '../src/commands/device/device-view.js';
import type { SupervisorCommands } from '../src/ports/supervisor-commands.js';

/** An action whose steps a test decides; without a script, the command is accepted and succeeds at the first look. */
export class FakeAction implements CommandAction {
  timedOut: CommandAction['timedOut'] = 'failed';
  survivesRestart = true;
  onPrepare: (command: CommandRequest, view: DeviceView) => Prepared = () => ({
    kind: 'ready',
    notes: { containers: {} },
  });
  onAsk: (command: CommandRequest, calls: SupervisorCommands, signal: AbortSignal) => Promise<Asked> | Asked = () => ({
    kind: 'accepted',
  });
  onWatch: (command: CommandRequest, notes: AskNotes, view: DeviceView, sinceAsk: SinceAsk) => Watched = () => ({
    kind: 'ended',
    ending: { outcome: 'succeeded' },
  });
  onMayAskAgain: (command: CommandRequest, view: DeviceView) => boolean = () => false;

  /** What an action says of a service that holds its update lock. */
  static locked(service: string): Extract<Asked, { kind: 'definite-no' }> {
    return {
      kind: 'definite-no',
      phase: 'waiting-for-lock',
      reason: `${service} holds its lock.`,
      retryMs: 'lock-tries',
    };
  }

  prepare(command: CommandRequest, view: DeviceView): Prepared {
    return this.onPrepare(command, view);
  }

  async ask(command: CommandRequest, calls: SupervisorCommands, signal: AbortSignal): Promise<Asked> {
    return this.onAsk(command, calls, signal);
  }

  watch(command: CommandRequest, notes: AskNotes, view: DeviceView, sinceAsk: SinceAsk): Watched {
    return this.onWatch(command, notes, view, sinceAsk);
  }

  mayAskAgain(command: CommandRequest, view: DeviceView): boolean {
    return this.onMayAskAgain(command, view);
  }
}
