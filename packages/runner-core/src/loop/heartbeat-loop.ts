import type { RunnerConfig } from '../config/runner-config.js';
import type { IdentityStore } from '../identity/identity-store.js';
import type { Logger } from '../ports/logger.js';
import type { Clock } from '../ports/clock.js';
import type { Randomness } from '../ports/randomness.js';
import type { DeviceObserver, Observation } from '../device/device-observer.js';
import type { Pace } from './backoff.js';
import type { CloudlyCaller } from './cloudly-caller.js';
import { initialLoopState, type LoopState } from './loop-state.js';
import { callOf } from './standing.js';
import { type LoopSettings, loopSettings } from './loop-settings.js';
import { isClockToldAfter, narrate, narrateStart, tell, toldProblemsAfter } from './narrate.js';
import { type Plan, planAfter } from './plan.js';
import { type Progress, storageDeadlineMs, turnDeadlineMs } from './progress.js';
import { storageProblemCodes } from './runner-problem.js';
import type { Step, Turn } from './step.js';
import { afterFailedStore, waitForStore } from './transitions.js';

export interface HeartbeatLoopParts {
  config: RunnerConfig;
  store: IdentityStore;
  observer: DeviceObserver;
  /** Absent where Cloudly is not configured: the loop then only looks at the device. */
  cloudly: CloudlyCaller | undefined;
  clock: Clock;
  randomness: Randomness;
  logger: Logger;
  /** Called before everything that takes time. */
  onProgress: (progress: Progress) => void;
}

/**
 * The loop of the agent: look at the device, call Cloudly, store what must last, wait. One call at a time, until it is
 * stopped. What follows from an answer is decided in `transitions.ts`; here it is done.
 */
export class HeartbeatLoop {
  readonly #parts: HeartbeatLoopParts;
  readonly #settings: LoopSettings | undefined;
  #state: LoopState;
  #plan: Plan;
  #toldProblems: ReadonlySet<string>;
  #isClockTold = false;
  /** Whether a look at the store is under way, and what the last one came to. */
  #isLooking = false;
  #kept: 'kept' | 'not-kept' | 'reopen' | undefined;

  constructor(parts: HeartbeatLoopParts) {
    this.#parts = parts;
    this.#settings = loopSettings(parts.config);
    const { state, pace } = initialLoopState(parts.config, parts.store);
    this.#state = state;
    this.#toldProblems = new Set(parts.store.durable ? [] : storageProblemCodes);
    this.#plan = this.#planAfter(pace, parts.clock.monotonicMs());
  }

  get state(): LoopState {
    return this.#state;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** What the next call is decided by, as of now; nothing where Cloudly is not configured. */
  get turn(): Turn | undefined {
    const { store, clock } = this.#parts;
    return (
      this.#settings && {
        state: this.#state,
        identity: store.current,
        settings: this.#settings,
        now: { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() },
      }
    );
  }

  /**
   * Resolves when the loop has ended: it was stopped, an identity that could not be read is `readable`, or what is stored
   * has `changed`, so that everything begins with it anew. `stopping` ends waits and reads at once; `abandon`, later, the call to Cloudly that is
   * under way.
   */
  async run({
    stopping,
    abandon,
  }: {
    stopping: AbortSignal;
    abandon: AbortSignal;
  }): Promise<'stopped' | 'readable' | 'changed'> {
    this.#tellStart();
    this.#parts.onProgress({ waitMs: 0, deadlineMs: turnDeadlineMs });
    // The status is known long before a spread start lets the first heartbeat go.
    if (this.#remainingMs() > 0) await this.#survive(async () => void (await this.#observe(stopping)));
    while (!stopping.aborted) {
      const remainingMs = this.#remainingMs();
      this.#parts.onProgress({ waitMs: Math.max(0, remainingMs), deadlineMs: turnDeadlineMs });
      if (remainingMs > 0) await this.#parts.clock.sleep(remainingMs, stopping);
      if (stopping.aborted || this.#remainingMs() > 0) continue;
      const found = await this.#lookAtStore();
      if (found !== 'same') return found;
      await this.#survive(async () => this.#takeTurn(stopping, abandon));
    }
    return 'stopped';
  }

  #tellStart(): void {
    const { problem } = this.#state;
    const toldProblems = this.#toldProblems;
    tell(narrateStart({ state: this.#state, waitMs: this.#remainingMs(), toldProblems }), this.#parts.logger);
    if (problem) this.#toldProblems = new Set([...toldProblems, problem.code]);
  }

  async #takeTurn(stopping: AbortSignal, abandon: AbortSignal): Promise<void> {
    const startedMs = this.#parts.clock.monotonicMs();
    const observation = await this.#observe(stopping);
    if (stopping.aborted) return;
    const pace = await this.#callCloudly(observation, abandon);
    this.#plan = this.#planAfter(pace, startedMs);
  }

  async #observe(stopping: AbortSignal): Promise<Observation> {
    return this.#parts.observer.observe(stopping, this.#parts.store.current.previousNodeId);
  }

  /** Makes the call that is due, if there is one, and gives the pace of the next. */
  async #callCloudly(observation: Observation, abandon: AbortSignal): Promise<Pace> {
    const { cloudly } = this.#parts;
    const call = callOf(this.#state);
    const { turn } = this;
    if (!turn || !cloudly || call === undefined) return { kind: 'interval' };
    const step =
      (call === 'register' ? await this.#unstored(turn) : undefined) ??
      (await cloudly[call](turn, observation, abandon));
    return step === 'aborted' ? { kind: 'now' } : this.#apply(turn, step);
  }

  /** The key by which a lost answer is asked for again has to last before it is used. */
  async #unstored(turn: Turn): Promise<Step | undefined> {
    const { store } = this.#parts;
    if (store.durable) return undefined;
    const stored = await this.#onDisk(async () => store.update((identity) => identity));
    // Nobody was called: the disk of one device may be looked at as often as the interval says.
    return stored.ok ? undefined : { ...waitForStore(turn, stored.problem), pace: { kind: 'interval' } };
  }

  /** Stores what must last, and only then lets the decision count and follows the answer. */
  async #apply(turn: Turn, decided: Step): Promise<Pace> {
    const { store, clock, logger, cloudly } = this.#parts;
    const { enrolment } = decided;
    const stored = enrolment
      ? await this.#onDisk(async () => store.update((identity) => ({ ...identity, enrolment })))
      : { ok: true as const };
    const step = stored.ok ? decided : afterFailedStore(turn, decided, stored.problem);
    this.#state = step.state;
    cloudly?.follow(step);
    const story = {
      before: turn.state,
      after: step.state,
      nodeId: turn.identity.nodeId,
      cloudlyUrl: turn.settings.cloudlyUrl.href,
      approvalCode: cloudly?.approvalCode,
      nowMs: clock.monotonicMs(),
      toldProblems: this.#toldProblems,
      clock: { skewMs: cloudly?.clockSkewMs, isTold: this.#isClockTold },
    };
    this.#toldProblems = toldProblemsAfter(story);
    this.#isClockTold = isClockToldAfter(story);
    tell(narrate(story), logger);
    return step.pace;
  }

  async #lookAtStore(): Promise<'same' | 'readable' | 'changed'> {
    const { store } = this.#parts;
    const { unreadable } = store;
    if (unreadable) return (await this.#onDisk(async () => unreadable.isOver())) ? 'readable' : 'same';
    if (this.#kept === 'reopen') return 'changed';
    // Nobody waits for it: an enrolled node needs no disk for a heartbeat, and a disk may hang.
    if (!this.#isLooking) void this.#keepStore();
    return 'same';
  }

  async #keepStore(): Promise<void> {
    this.#isLooking = true;
    this.#kept = await this.#parts.store.keep?.();
    this.#isLooking = false;
  }

  /** A disk may take longer than a turn, and what is left of the turn then has its time anew. */
  async #onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#parts.onProgress({ waitMs: 0, deadlineMs: storageDeadlineMs });
    const result = await work();
    this.#parts.onProgress({ waitMs: 0, deadlineMs: turnDeadlineMs });
    return result;
  }

  /** A mistake of ours must not end the agent: nobody could reach the device to start it again. */
  async #survive(work: () => Promise<void>): Promise<void> {
    const startedMs = this.#parts.clock.monotonicMs();
    try {
      await work();
    } catch (error) {
      this.#parts.logger.error('A turn of the loop failed, which is a defect of BaseRunner; it goes on.', { error });
      this.#plan = this.#planAfter({ kind: 'slow-pace' }, startedMs);
    }
  }

  #planAfter(pace: Pace, turnStartedMs: number): Plan {
    const { clock, randomness, config } = this.#parts;
    const settings = { intervalMs: this.#state.intervalMs, startSpreadMs: config.startSpreadMs };
    return planAfter(pace, { turnStartedMs, settings, fraction: randomness.fraction(), clock });
  }

  #remainingMs(): number {
    return this.#plan.atMonotonicMs - this.#parts.clock.monotonicMs();
  }
}
