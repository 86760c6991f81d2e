import type { CommandResult, DesiredState, RunningCommand, UpdateMode } from '@serve.zone/baseos-contracts';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import type { CommandJournal } from '../journal/command-journal.js';
import type { AcceptedCommands } from '../policy/accepted-commands.js';
import type { OnCommand } from '../policy/on-command.js';
import { commandRules, type CommandRules } from '../rules/command-rules.js';
import { type Delivery, undisturbed } from '../rules/delivery.js';
import type { CommandGate } from './command-gate.js';
import { CommandRecord } from './command-record.js';
import { type CommandsOverview, commandsOverview } from './commands-overview.js';
import { EndedCounts } from './ended-counts.js';
import { endCommand } from './end-command.js';
import { lookAtCommand } from './look-at-command.js';
import { nextStep, type NextStep } from './next-step.js';
import { resumeCommands } from './resume-commands.js';
import { runningCommand } from './running-command.js';
import { dropWaiting, takeListed } from './take-listed.js';
import { tryCommand } from './try-command.js';
import type { CommandedDevice, WorkerContext } from './worker-context.js';

export interface CommandWorkerParts {
  journal: CommandJournal;
  /** Absent: nothing can be carried out here, and every command ends `unsupported`. */
  device: CommandedDevice | undefined;
  accepted: AcceptedCommands;
  onCommand?: OnCommand | undefined;
  gate?: CommandGate | undefined;
  clock: Clock;
  logger: Logger;
  uptime: WorkerContext['uptime'];
  /** Something has happened that Cloudly should know soon. */
  onNews: () => void;
  /** Nothing begins any more, and what is under way is noted as stopped. */
  stopping: AbortSignal;
  /** Ends what is under way. */
  abandon: AbortSignal;
  /** @default those of this version */
  rules?: CommandRules | undefined;
}

/** What an accepted call says about commands. */
export interface CommandsAnswer {
  desiredState: DesiredState | undefined;
  /** False for a legacy Cloudly, whose commands are never followed. */
  mayCommand: boolean;
  /** Whether it lists every command that is due: an answer to a heartbeat that gets commands at all. */
  listsAll: boolean;
  sentMs: number;
  deliveredResults: readonly CommandResult[];
}

/**
 * Carries out what Cloudly commands, one command at a time, beside the heartbeat loop and never in it. Each command is
 * begun at most once, whatever ends the agent, and each gets an outcome. Without a command it does nothing: no timer runs,
 * and the disk is left alone.
 */
export class CommandWorker {
  readonly #context: WorkerContext;
  #isTrusted: boolean;
  #isStored: boolean;
  #delivery: Delivery = undisturbed;
  #working: Promise<void> | undefined;
  #isWorking = false;
  #woken = new AbortController();

  constructor({ journal, device, accepted, rules = commandRules, onCommand, gate, ...parts }: CommandWorkerParts) {
    const { clock } = parts;
    this.#context = {
      ...parts,
      device,
      accepted: device && accepted,
      onCommand,
      gate,
      rules,
      record: new CommandRecord({ journal, clock, rules, onTellable: parts.onNews }),
      waiting: new Map(),
      followed: new Map(),
      again: new Map(),
      ended: new EndedCounts(),
      decision: { problem: undefined },
    };
    this.#isTrusted = rules.isTrusted(journal.found);
    this.#isStored = journal.found.isStored;
    parts.stopping.addEventListener('abort', () => this.#woken.abort(), { once: true });
  }

  /** Goes on with what an earlier agent has left. */
  start(): void {
    const { record } = this.#context;
    const before = record.entries;
    resumeCommands(this.#context);
    if (record.entries !== before) void record.store();
    this.#wake();
  }

  /** For the next heartbeat: each result is sent until a 200 has acknowledged it. */
  get results(): CommandResult[] {
    const { record, again, rules } = this.#context;
    const pending = [...record.tellable.map(({ result }) => result), ...again.values()];
    return rules.resultsToSend(pending, this.#delivery);
  }

  /** The command that is running, or the one that waits to begin. */
  get running(): RunningCommand | undefined {
    return runningCommand(this.#context, this.#context.clock.monotonicMs());
  }

  /** How Cloudly wants the device to take releases; absent while the node's own configuration decides. */
  get updates(): UpdateMode | undefined {
    return this.#context.record.updates;
  }

  /** The updates that need the gate open: those that the Supervisor was asked for and whose release does not run yet. */
  get openUpdateIds(): string[] {
    const open = this.#context.record.in('asked').filter(({ command, verifying }) => {
      return command.kind === 'update' && verifying !== true;
    });
    return open.map(({ id }) => id);
  }

  /** What is running and waiting, for the status of the agent. */
  get overview(): CommandsOverview {
    return commandsOverview(this.#context, this.#context.clock.monotonicMs());
  }

  /** Takes in what the newest answer says. */
  follow({ desiredState, mayCommand, listsAll, sentMs, deliveredResults }: CommandsAnswer): void {
    let isChanged = this.#noteDelivered(deliveredResults.map(({ id }) => id));
    if (mayCommand) {
      if (desiredState) {
        isChanged = this.#takeUpdates(desiredState.settings?.updates) || isChanged;
        const commands = desiredState.commands ?? [];
        isChanged = takeListed(this.#context, { commands, sentMs }, this.#isTrusted) || isChanged;
        if (commands.length > 0) isChanged = this.#trust() || isChanged;
      }
      if (listsAll) {
        // From now on a missing journal is a lost one.
        isChanged = this.#trust() || isChanged || !this.#isStored;
      }
    }
    this.#context.gate?.hear({ updates: this.#context.record.updates });
    if (isChanged) {
      this.#isStored = true;
      void this.#context.record.store().then(() => this.#wake());
    }
    this.#wake();
  }

  /** Cloudly may no longer want what has not begun. What has begun goes on, and its result waits for a 200. */
  dropWaiting(why: string): void {
    const { record } = this.#context;
    const before = record.entries;
    dropWaiting(this.#context, { why, isDropped: () => true });
    if (record.entries === before) return;
    void record.store();
    this.#wake();
  }

  /** Cloudly has refused a heartbeat with these results. `isAlone`: nothing else in it can be the cause. */
  refused(results: readonly CommandResult[], { isAlone }: { isAlone: boolean }): void {
    const { rules, record, again, logger } = this.#context;
    const ids = results.map(({ id }) => id);
    if (ids.length === 0) return;
    const { delivery, givenUp } = rules.afterRefused(this.#delivery, ids, { isAlone: isAlone && ids.length === 1 });
    this.#delivery = delivery;
    if (givenUp === undefined) return;
    logger.error('Cloudly refuses the result of a command in every form. It is not sent again.', { id: givenUp });
    this.#tell(givenUp, { refused: true });
    again.delete(givenUp);
    void record.store();
  }

  /** Resolves when nothing is under way and nothing is being written. */
  async closed(): Promise<void> {
    await this.#working;
    await this.#context.record.stored();
  }

  /** What an earlier agent may have begun has ended as interrupted. Returns whether that is worth storing. */
  #trust(): boolean {
    this.#isTrusted = true;
    return this.#context.record.setComplete();
  }

  #noteDelivered(ids: readonly string[]): boolean {
    const { rules, again, record } = this.#context;
    const before = record.entries;
    this.#delivery = rules.afterTaken(this.#delivery, ids);
    for (const id of ids) this.#tell(id, {});
    for (const id of ids) again.delete(id);
    return record.entries !== before;
  }

  #tell(id: string, { refused }: { refused?: true }): void {
    const entry = this.#context.record.find(id);
    if (entry?.state === 'told' && refused) this.#context.record.put({ ...entry, refused });
    if (entry?.state !== 'ended') return;
    const { kind, service, result, endedAt } = entry;
    const { outcome, error } = result;
    const { code: errorCode, message } = error ?? {};
    const told = { state: 'told' as const, id, kind, service, outcome, errorCode, message, endedAt };
    this.#context.record.put({ ...told, ...(refused && { refused }) });
  }

  /** Absent or unusable keeps what is in force. It counts only where Cloudly may update the device. */
  #takeUpdates(wanted: UpdateMode | 'own' | undefined): boolean {
    const { accepted, record } = this.#context;
    if (wanted === undefined || !accepted?.kinds.includes('update')) return false;
    const updates = wanted === 'own' ? undefined : wanted;
    if (updates === record.updates) return false;
    record.setUpdates(updates);
    return true;
  }

  /** The agent is told to stop (SIGTERM), which is how a restart of its own service succeeds. */
  async noteStop(): Promise<void> {
    const { record } = this.#context;
    const asked = record.in('asked');
    for (const entry of asked) record.put({ ...entry, stopped: true });
    if (asked.length > 0) await record.store();
  }

  #wake(): void {
    this.#woken.abort();
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#work();
  }

  async #work(): Promise<void> {
    const { stopping, clock, logger } = this.#context;
    while (!stopping.aborted) {
      this.#woken = new AbortController();
      const step = this.#nextStep();
      if (step.kind === 'rest') {
        this.#isWorking = false;
        return;
      }
      if (step.kind === 'sleep') {
        await clock.sleep(Math.max(0, step.untilMs - clock.monotonicMs()), this.#woken.signal);
        continue;
      }
      try {
        await this.#take(step);
      } catch (error) {
        logger.error('A step of a command failed. This is a bug in BaseRunner; the agent continues.', { error });
        if ('id' in step) await this.#giveUp(step.id);
      }
    }
  }

  #nextStep(): NextStep {
    const { waiting, followed, record, clock, rules } = this.#context;
    const entries = [...followed].map(([id, { lookAtMs }]) => {
      const entry = record.find(id);
      return [id, { lookAtMs, kind: entry?.state === 'asked' ? entry.command.kind : '' }] as const;
    });
    const { storeAtMs } = record;
    return nextStep({ waiting, followed: new Map(entries), storeAtMs, nowMs: clock.monotonicMs() }, rules);
  }

  async #take(step: Exclude<NextStep, { kind: 'rest' | 'sleep' }>): Promise<void> {
    const { waiting, followed, record } = this.#context;
    if (step.kind === 'store') {
      await record.store();
      return;
    }
    const entry = record.find(step.id);
    if (step.kind === 'try') return tryCommand(this.#context, step.id);
    if (step.kind === 'look') {
      if (entry?.state === 'asked') return lookAtCommand(this.#context, entry);
      // Nothing without an entry is ever followed; if it were, it would be looked at without end.
      followed.delete(step.id);
      return undefined;
    }
    const one = waiting.get(step.id);
    if (one) await endCommand(this.#context, one.command, { outcome: 'expired', error: expired(one.wait?.reason) });
  }

  /** A bug must not keep a command without an outcome, and the others from their turns. */
  async #giveUp(id: string): Promise<void> {
    const entry = this.#context.record.find(id);
    if (entry?.state !== 'asked' && entry?.state !== 'taken') return;
    const outcome = entry.state === 'asked' ? 'interrupted' : 'failed';
    const error = { code: 'internal-error', message: 'BaseRunner could not carry the command out because of a bug.' };
    await endCommand(this.#context, entry.command, { outcome, error });
  }
}

function expired(reason: string | undefined): { code: string; message: string } {
  const message = `Its time was over before it could begin.${reason === undefined ? '' : ` ${reason}`}`;
  return { code: 'expired', message };
}
