import { type Command, commandKinds, type CommandRequest, type Settings } from '@serve.zone/baseos-contracts';
import type { DeviceView } from '../src/commands/device/device-view.js';
import type { CommandJournal } from '../src/commands/journal/command-journal.js';
import type { JournalContent } from '../src/commands/journal/journal-document.js';
import { CommandWorker, type CommandWorkerParts } from '../src/commands/worker/command-worker.js';
import { FakeAction } from './fake-action.js';
import { recordingLogger } from './simulation.js';
import { VirtualClock } from './virtual-clock.js';

/** A journal whose disk is the test's: what was stored outlasts the agent. */
export class FakeJournal {
  stored: JournalContent | undefined;
  writes: JournalContent[] = [];
  /** Why writes fail, while they do. */
  failure: string | undefined;
  /** What a write waits for. */
  before: () => Promise<void> = async () => undefined;
  isEnrolled = false;

  /** As an agent finds it when it starts. */
  open(): CommandJournal {
    const { entries = [], updates, isIncomplete = false } = this.stored ?? {};
    const isStored = this.stored !== undefined;
    return {
      found: { entries, updates, isComplete: isStored ? !isIncomplete : !this.isEnrolled, isStored },
      store: async (content) => {
        await this.before();
        if (this.failure !== undefined)
          return { ok: false, problem: { code: 'disk-full', message: this.failure, remedy: 'Free some space.' } };
        this.stored = structuredClone(content);
        this.writes.push(this.stored);
        return { ok: true };
      },
    };
  }
}

/** A UUID that a test can read. */
export function commandId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function listed(
  number: number,
  request: Partial<CommandRequest> & Pick<Command, 'kind'>,
  more: Partial<Command> = {},
): Command {
  return { id: commandId(number), expiresInMs: 3_600_000, ...request, ...more };
}

export const viewOfNothing: DeviceView = { supervisor: undefined, kernelBootId: 'boot-1', own: {} };

/** A worker whose time, device, journal and Cloudly are the test's. It can be killed and started again. */
export function workerRig(changes: Partial<CommandWorkerParts> & { journalOf?: FakeJournal } = {}) {
  const clock = new VirtualClock();
  const journal = changes.journalOf ?? new FakeJournal();
  const action = new FakeAction();
  const { logger, lines } = recordingLogger();
  /** Each ask of the Supervisor, by the kind of command. */
  const asks: string[] = [];
  const rig = {
    clock,
    journal,
    action,
    asks,
    lines,
    news: 0,
    view: viewOfNothing,
    uptime: { kernelBootId: 'boot-1', offsetMs: 0 },
    stopping: new AbortController(),
    abandon: new AbortController(),
    worker: undefined as unknown as CommandWorker,
    /** A new agent on the same journal. The one before is gone as by kill -9. */
    start: (): void => {
      rig.stopping = new AbortController();
      rig.abandon = new AbortController();
      rig.worker = new CommandWorker({
        journal: journal.open(),
        device: {
          calls: {} as never,
          look: async () => rig.view,
          actionOf: (kind) => (commandKinds.some((known) => known === kind) ? recorded(action, asks) : undefined),
          preview: (of, _view, refusal) => refusal ?? { outcome: 'succeeded', details: { of: of.kind } },
        },
        accepted: { kinds: commandKinds, force: true },
        clock,
        logger,
        uptime: () => ({ kernelBootId: rig.uptime.kernelBootId, uptimeMs: rig.uptime.offsetMs + clock.monotonicMs() }),
        onNews: () => void (rig.news += 1),
        stopping: rig.stopping.signal,
        abandon: rig.abandon.signal,
        ...changes,
      });
      rig.worker.start();
    },
    kill: (): void => {
      rig.stopping.abort();
      rig.abandon.abort();
    },
    /** A heartbeat that Cloudly answers with these commands. */
    heartbeat: (commands: readonly Command[] | undefined, settings?: Settings): void => {
      rig.worker.follow({
        desiredState: commands && { commands: [...commands], ...(settings && { settings }) },
        mayCommand: true,
        listsAll: true,
        sentMs: clock.monotonicMs(),
        deliveredResults: rig.worker.results,
      });
    },
    /** What the next heartbeat would tell: the outcome of each command, by its number. */
    outcomes: (): Record<string, string> => {
      return Object.fromEntries(
        rig.worker.results.map(({ id, outcome, error }) => [
          Number(id.slice(-12)),
          error ? `${outcome}: ${error.code}` : outcome,
        ]),
      );
    },
  };
  rig.start();
  return rig;
}

function recorded(action: FakeAction, asks: string[]): FakeAction {
  const twin = Object.assign(new FakeAction(), action);
  twin.onAsk = async (command, calls, signal) => {
    asks.push(command.kind);
    return action.onAsk(command, calls, signal);
  };
  twin.onPrepare = (...args) => action.onPrepare(...args);
  twin.onWatch = (...args) => action.onWatch(...args);
  twin.onMayAskAgain = (...args) => action.onMayAskAgain(...args);
  return twin;
}
