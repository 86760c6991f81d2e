import { type Command, commandKinds, type CommandResult } from '@serve.zone/baseos-contracts';
import type { CommandAction, SinceAsk, Watched } from '../src/commands/actions/command-action.js';
import type { JournalContent } from '../src/commands/journal/journal-document.js';
import type { ListedCommand } from '../src/commands/journal/journal-entry.js';
import type { CommandRules } from '../src/commands/rules/command-rules.js';
import { CommandWorker } from '../src/commands/worker/command-worker.js';
import { silentLogger } from '../src/ports/logger.js';
import { VirtualClock } from './virtual-clock.js';
import { commandId, viewOfNothing } from './worker-rig.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What the Supervisor makes of an ask; `lost` was not carried out, `lost-after` was. */
export type Answer = 'accepted' | 'ended' | 'locked' | 'lost' | 'lost-after' | 'hangs';

/** A command as Cloudly queues it, and how the device takes it. */
export interface Order {
  kind: Exclude<Command['kind'], 'preview'>;
  force: boolean;
  expiresInMs: number;
  timeoutMs: number;
  /** To each ask in turn, and then `accepted`. */
  answers: readonly Answer[];
  /** How long the Supervisor is at it; a forever is cut off by the time-out. */
  takesMs: number;
}

interface QueuedCommand extends Order {
  id: string;
  expiresAtMs: number;
  isCancelled: boolean;
  /** How often the Supervisor was asked, and since when it is at it. */
  asks: number;
  mayHaveBegun: number;
  beganMs: number | undefined;
  result: CommandResult | undefined;
}

export type Heartbeat =
  | 'delivered'
  | 'delivered-twice'
  | 'answer-lost'
  | 'request-lost'
  | 'refused'
  /** Cloudly does not accept the node, until the next heartbeat. */
  | 'revoked'
  /** Cloudly lists what it listed one heartbeat before. */
  | 'stale';

/**
 * A Cloudly, a Supervisor, a disk and an agent's worker, which can be killed at each of its steps. Each rule that the
 * worker breaks is noted in `faults`.
 */
export class CommandedWorld {
  readonly faults: string[] = [];
  readonly clock = new VirtualClock();
  readonly #rules: CommandRules;
  readonly #commands = new Map<string, QueuedCommand>();
  #stored: JournalContent | undefined;
  #isCopy = false;
  #writes: JournalContent[] = [];
  #isDiskFull = false;
  #isJournalLost = false;
  #agent: { worker: CommandWorker; end: AbortController } | undefined;
  #kernelBoot = 1;
  #bootedMs = 0;
  /** Steps until the agent is killed. */
  #killIn = Number.POSITIVE_INFINITY;
  /** What the newest delivered answer listed, and until when each may begin. */
  #listed = new Map<string, number>();
  #lastListing: Command[] = [];

  constructor(rules: CommandRules) {
    this.#rules = rules;
  }

  queue(order: Order): void {
    const id = commandId(this.#commands.size + 1);
    const expiresAtMs = this.clock.monotonicMs() + order.expiresInMs;
    const fresh = { isCancelled: false, asks: 0, mayHaveBegun: 0, beganMs: undefined, result: undefined };
    this.#commands.set(id, { ...order, id, expiresAtMs, ...fresh });
  }

  cancel(number: number): void {
    const command = [...this.#commands.values()][number % Math.max(1, this.#commands.size)];
    if (command) command.isCancelled = true;
  }

  killIn(steps: number): void {
    this.#killIn = steps;
  }

  setDiskFull(isFull: boolean): void {
    this.#isDiskFull = isFull;
  }

  /** Kills the agent and damages its journal: an older copy is left, or nothing. */
  loseJournal(isCopyLeft: boolean): void {
    this.kill();
    this.#isJournalLost = true;
    this.#stored = isCopyLeft ? this.#writes.at(-2) : undefined;
    this.#isCopy = isCopyLeft && this.#stored !== undefined;
  }

  reboot(): void {
    this.kill();
    this.#kernelBoot += 1;
    this.#bootedMs = this.clock.monotonicMs();
  }

  kill(): void {
    this.#agent?.end.abort();
    this.#agent = undefined;
    this.#killIn = Number.POSITIVE_INFINITY;
  }

  /** A heartbeat of the agent, which is started for it if it does not run. */
  heartbeat(how: Heartbeat): void {
    const { worker } = (this.#agent ??= this.#start());
    const sent = worker.results;
    if (how === 'request-lost') return;
    if (how === 'refused') return worker.refused(sent, { isAlone: false });
    if (how === 'revoked') {
      this.#listed = new Map();
      return worker.dropWaiting('Cloudly has revoked this node.');
    }
    for (const result of sent) this.#take(result);
    const current = this.#dueNow();
    const commands = how === 'stale' ? this.#lastListing : current;
    this.#lastListing = current;
    if (how === 'answer-lost') return;
    const sentMs = this.clock.monotonicMs();
    this.#listed = new Map(commands.map(({ id, expiresInMs }) => [id, sentMs + expiresInMs]));
    const answer = { desiredState: { commands }, mayCommand: true, listsAll: true, sentMs, deliveredResults: sent };
    worker.follow(answer);
    if (how === 'delivered-twice') worker.follow(answer);
  }

  /** The commands that Cloudly knows no end of, or that began without one: after a calm time there must be none. */
  get withoutOutcome(): string[] {
    const nowMs = this.clock.monotonicMs();
    return [...this.#commands.values()]
      .filter(({ kind, force, result, isCancelled, expiresAtMs, mayHaveBegun }) => {
        const isOver = isCancelled || expiresAtMs <= nowMs;
        // What began and is no longer listed may be forgotten with a lost journal, or with one that a full disk refused.
        const mayBeForgotten = this.#isJournalLost || (kind === 'update' && !force);
        return result === undefined && !(isOver && (mayHaveBegun === 0 || mayBeForgotten));
      })
      .map(({ id, kind }) => `${kind} ${id.slice(-2)} has no outcome`);
  }

  resultOf(number: number): CommandResult | undefined {
    return this.#commands.get(commandId(number))?.result;
  }

  get size(): number {
    return this.#commands.size;
  }

  #dueNow(): Command[] {
    const nowMs = this.clock.monotonicMs();
    return [...this.#commands.values()]
      .filter(({ result, isCancelled, expiresAtMs }) => !result && !isCancelled && expiresAtMs > nowMs)
      .slice(0, 16)
      .map(({ id, kind, force, timeoutMs, expiresAtMs }) => ({
        id,
        kind,
        force,
        timeoutMs,
        service: 'main',
        expiresInMs: expiresAtMs - nowMs,
      }));
  }

  /** The first result counts. */
  #take(result: CommandResult): void {
    const command = this.#commands.get(result.id);
    if (!command || command.result) return;
    command.result = result;
    if (result.outcome === 'succeeded' && command.beganMs === undefined)
      this.faults.push(`${command.kind} succeeded without an ask`);
  }

  #start(): { worker: CommandWorker; end: AbortController } {
    const end = new AbortController();
    const { signal } = end;
    const worker = new CommandWorker({
      journal: {
        found: {
          entries: this.#stored?.entries ?? [],
          isComplete: this.#stored !== undefined ? !this.#isCopy && !this.#stored.isIncomplete : !this.#isJournalLost,
          isStored: this.#stored !== undefined && !this.#isCopy,
        },
        store: async (content) => {
          await this.#step(signal);
          if (this.#isDiskFull)
            return {
              ok: false,
              problem: { code: 'disk-full', message: 'The disk is full.', remedy: 'Free some space.' },
            };
          this.#stored = structuredClone(content);
          this.#isCopy = false;
          this.#writes = [...this.#writes.slice(-3), this.#stored];
          await this.#step(signal);
          return { ok: true };
        },
      },
      device: {
        calls: {} as never,
        look: async () => {
          await this.#step(signal);
          return viewOfNothing;
        },
        actionOf: (kind) => (commandKinds.some((known) => known === kind) ? this.#action(kind, signal) : undefined),
        preview: () => ({ outcome: 'succeeded' }),
      },
      accepted: { kinds: commandKinds, force: true },
      clock: this.clock,
      logger: silentLogger,
      uptime: () => ({ kernelBootId: `boot-${this.#kernelBoot}`, uptimeMs: this.clock.monotonicMs() - this.#bootedMs }),
      onNews: () => undefined,
      stopping: signal,
      abandon: signal,
      rules: this.#rules,
    });
    worker.start();
    return { worker, end };
  }

  #action(kind: string, signal: AbortSignal): CommandAction {
    return {
      prepare: () => ({ kind: 'ready', notes: { containers: {} } }),
      ask: async (command) => this.#ask((command as ListedCommand).id, signal),
      watch: (command, _notes, _view, since) => this.#watch((command as ListedCommand).id, since),
      timedOut: 'failed',
      survivesRestart: kind !== 'blink',
      mayAskAgain: () => true,
    };
  }

  async #ask(id: string, signal: AbortSignal): ReturnType<CommandAction['ask']> {
    await this.#step(signal);
    const command = this.#commands.get(id);
    if (!command) throw new Error('unreachable');
    const answer = command.answers[command.asks] ?? 'accepted';
    command.asks += 1;
    if (command.mayHaveBegun === 0) this.#judgeBegin(command);
    if (answer === 'locked') {
      return { kind: 'definite-no', phase: 'waiting-for-lock', reason: 'main holds its lock.', retryMs: 'lock-tries' };
    }
    command.mayHaveBegun += 1;
    if (command.mayHaveBegun > 1 && (command.kind !== 'update' || command.force)) {
      this.faults.push(`${command.kind} was asked twice`);
    }
    if (answer !== 'lost') command.beganMs ??= this.clock.monotonicMs();
    await this.#step(signal);
    if (answer === 'hangs') return new Promise(() => undefined);
    if (answer === 'ended') return { kind: 'ended', ending: { outcome: 'succeeded' } };
    return { kind: answer === 'accepted' ? 'accepted' : 'unknown' };
  }

  #judgeBegin({ id, kind, force }: QueuedCommand): void {
    const untilMs = this.#listed.get(id);
    // One without force that is in the journal may be asked at any time.
    const isBound = kind !== 'update' || force;
    if (!isBound) return;
    if (untilMs === undefined) this.faults.push(`${kind} began although it was no longer listed`);
    else if (untilMs <= this.clock.monotonicMs()) this.faults.push(`${kind} began after its time`);
    const others = (this.#agent?.worker.overview.running ?? []).filter((other) => other.id !== id);
    if (others.some((other) => other.kind !== 'update' || kind !== 'blink'))
      this.faults.push(`${kind} began beside another`);
  }

  #watch(id: string, { askedMsAgo, samples }: SinceAsk): Watched {
    const command = this.#commands.get(id);
    if (!command) throw new Error('unreachable');
    // After a start, the first look decides. A blink whose call hangs keeps the worker from an update for its time.
    if (askedMsAgo > command.timeoutMs + 3 * MINUTE_MS && samples.length > 1)
      this.faults.push(`${command.kind} ran beyond its time`);
    const isDone = command.beganMs !== undefined && this.clock.monotonicMs() - command.beganMs >= command.takesMs;
    return isDone
      ? { kind: 'ended', ending: { outcome: 'succeeded' } }
      : { kind: 'goes-on', phase: 'restarting', madeProgress: false };
  }

  /** A moment at which the agent may be killed. What a killed agent began has no effect any more. */
  async #step(signal: AbortSignal): Promise<void> {
    this.#killIn -= 1;
    if (this.#killIn <= 0 && !signal.aborted) this.kill();
    if (signal.aborted) await new Promise(() => undefined);
  }
}
