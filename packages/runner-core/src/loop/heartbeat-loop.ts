import type { RunnerConfig } from '../config/runner-config.js';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { Identity } from '../identity/identity.js';
import type { IdentitySource, IdentityStore } from '../identity/identity-store.js';
import type { Logger } from '../ports/logger.js';
import type { CommandWorker } from '../commands/worker/command-worker.js';
import type { Clock } from '../ports/clock.js';
import type { Randomness } from '../ports/randomness.js';
import type { DeviceObserver, Observation } from '../device/device-observer.js';
import type { Pace } from './backoff.js';
import { bringForward } from './bring-forward.js';
import type { CloudlyCaller } from './cloudly-caller.js';
import { type ComposedCall, type NextRequest, shownRequest } from './compose-call.js';
import type { DesiredStateKeeper } from './desired-state-keeper.js';
import { NodeReporter, type NodeReport } from './node-report.js';
import { initialLoopState, type LoopState } from './loop-state.js';
import { type LoopSettings, loopSettings } from './loop-settings.js';
import { isClockLoggedAfter, stepEntries, startEntries, writeEntries, loggedProblemsAfter } from './step-entries.js';
import { type Plan, planAfter } from './plan.js';
import type { HeardHeartbeat } from './heard-heartbeat.js';
import { type Progress, storageDeadlineMs, turnDeadlineMs } from './progress.js';
import { storageProblemCodes } from './runner-problem.js';
import type { Step, Turn } from './step.js';
import { callOf } from './standing.js';
import { tokenOf } from './credentials.js';
import { afterFailedStore, waitForStore } from './transitions.js';
import { whyNotCommanded } from './why-not-commanded.js';
import type { Secret } from '../values/secret.js';

/** What the loop needs to know of the commands that are carried out beside it. */
export type CommandsOfLoop = Pick<CommandWorker, 'results' | 'running' | 'follow' | 'refused' | 'dropWaiting'>;

export interface HeartbeatLoopParts {
  config: RunnerConfig;
  store: IdentityStore;
  observer: DeviceObserver;
  /** Absent where Cloudly is not configured: the loop then only looks at the device. */
  cloudly: CloudlyCaller | undefined;
  desiredState: DesiredStateKeeper;
  commands: CommandsOfLoop;
  clock: Clock;
  randomness: Randomness;
  logger: Logger;
  /** Called after each turn that did not fail. */
  onTurn?: (() => void) | undefined;
  /** Called after each call to Cloudly, with what an accepted heartbeat brought; without it for any other outcome. */
  onHeard?: ((heard: HeardHeartbeat | undefined) => void) | undefined;
  /** Called before everything that takes time, with the state of the loop. */
  onProgress: (progress: Progress, snapshot: LoopSnapshot) => void;
}

/** The state of the loop at one moment: everything that its status contains. */
export interface LoopSnapshot {
  state: LoopState;
  plan: Plan;
  identity: Identity;
  source: IdentitySource;
  /** Absent until the device was observed. */
  report: NodeReport | undefined;
  /** The call that is due next; absent where there is none to make, or until the device was observed. */
  nextRequest: NextRequest | undefined;
  /** Absent where Cloudly is not configured. */
  calls: Pick<CloudlyCaller, 'approvalCode' | 'lastSuccessWallMs' | 'heartbeatsSent'> | undefined;
  /** The level that Cloudly wants, if it wants one. */
  cloudlyLogLevel: LogLevel | undefined;
}

/**
 * The loop of the agent: observe the device, call Cloudly, store what must be durable, wait. One call at a time, until
 * it is stopped. The consequences of an answer are decided in `transitions.ts`; here it is done.
 */
export class HeartbeatLoop {
  readonly #parts: HeartbeatLoopParts;
  readonly #settings: LoopSettings | undefined;
  #state: LoopState;
  #plan: Plan;
  #loggedProblems: ReadonlySet<string>;
  #isClockLogged = false;
  readonly #reporter = new NodeReporter();
  #observation: Observation | undefined;
  #report: NodeReport | undefined;
  /** The call that is due next. */
  #composed: ComposedCall | undefined;
  /** Whether a check of the store is in progress, and the result of the last one. */
  #isLooking = false;
  /** There is something of a command that no call has told, and when the last such call was due. */
  #hasNews: boolean;
  #lastNewsMs: number | undefined;
  /** Ends the wait for the next turn. */
  #awake = new AbortController();
  #kept: 'kept' | 'not-kept' | 'reopen' | undefined;

  constructor(parts: HeartbeatLoopParts) {
    this.#parts = parts;
    this.#settings = loopSettings(parts.config);
    const { state, pace } = initialLoopState(parts.config, parts.store);
    this.#state = state;
    // What an earlier agent had no time to tell.
    this.#hasNews = parts.commands.results.length > 0;
    this.#loggedProblems = new Set(parts.store.durable ? [] : storageProblemCodes);
    this.#plan = this.#planAfter(pace, parts.clock.monotonicMs());
  }

  get snapshot(): LoopSnapshot {
    const { store, cloudly, desiredState } = this.#parts;
    return {
      state: this.#state,
      plan: this.#plan,
      identity: store.current,
      source: store.source,
      report: this.#report,
      nextRequest: this.#composed && shownRequest(this.#composed),
      calls: cloudly && {
        approvalCode: cloudly.approvalCode,
        lastSuccessWallMs: cloudly.lastSuccessWallMs,
        heartbeatsSent: cloudly.heartbeatsSent,
      },
      cloudlyLogLevel: desiredState.cloudlyLogLevel,
    };
  }

  /**
   * Resolves when the loop has ended: it was stopped, an identity that could not be read is `readable`, or what is stored
   * has `changed`, so that everything starts again with it. `stopping` ends waits and reads at once; `abandon`, later, the call to Cloudly that is
   * under way.
   */
  async run({
    stopping,
    abandon,
  }: {
    stopping: AbortSignal;
    abandon: AbortSignal;
  }): Promise<'stopped' | 'readable' | 'changed'> {
    stopping.addEventListener('abort', () => this.#awake.abort(), { once: true });
    this.#logStart();
    this.#goesOn(0, turnDeadlineMs);
    // The status is known long before a spread start allows the first heartbeat.
    if (this.#remainingMs() > 0) await this.#survive(async () => this.#observe(stopping));
    while (!stopping.aborted) {
      this.#bringForward();
      const remainingMs = this.#remainingMs();
      this.#goesOn(Math.max(0, remainingMs), turnDeadlineMs);
      if (remainingMs > 0) await this.#parts.clock.sleep(remainingMs, this.#awake.signal);
      if (stopping.aborted || this.#remainingMs() > 0) continue;
      const found = await this.#lookAtStore();
      if (found !== 'same') return found;
      await this.#survive(async () => this.#takeTurn(stopping, abandon));
    }
    return 'stopped';
  }

  /** The token of the next heartbeat. */
  get token(): Secret | undefined {
    return tokenOf(this.#state.credential, this.#parts.store.current.enrolment, this.#settings?.environmentToken);
  }

  /** Something has happened to a command that Cloudly should know soon, or Cloudly has something for the node. */
  nudge(): void {
    this.#hasNews = true;
    this.#awake.abort();
  }

  #bringForward(): void {
    this.#awake = new AbortController();
    if (!this.#hasNews) return;
    const plan = bringForward(this.#plan, { nowMs: this.#parts.clock.monotonicMs(), lastMs: this.#lastNewsMs });
    if (plan !== this.#plan) this.#lastNewsMs = plan.atMonotonicMs;
    this.#plan = plan;
  }

  #logStart(): void {
    const { problem } = this.#state;
    const loggedProblems = this.#loggedProblems;
    writeEntries(startEntries({ state: this.#state, waitMs: this.#remainingMs(), loggedProblems }), this.#parts.logger);
    if (problem) this.#loggedProblems = new Set([...loggedProblems, problem.code]);
  }

  async #takeTurn(stopping: AbortSignal, abandon: AbortSignal): Promise<void> {
    const startedMs = this.#parts.clock.monotonicMs();
    await this.#observe(stopping);
    if (stopping.aborted) return;
    // What has happened until now is in the call.
    this.#hasNews = false;
    const pace = await this.#callCloudly(abandon);
    this.#plan = this.#planAfter(pace, startedMs);
    this.#parts.onTurn?.();
  }

  async #observe(stopping: AbortSignal): Promise<void> {
    this.#observation = await this.#parts.observer.observe(stopping);
    this.#compose();
  }

  /** Makes the call that is due, if there is one, and gives the pace of the next. */
  async #callCloudly(abandon: AbortSignal): Promise<Pace> {
    const { cloudly } = this.#parts;
    const turn = this.#turn();
    const composed = this.#composed;
    if (!turn || !cloudly || callOf(this.#state) === undefined) return { kind: 'interval' };
    if (!composed) throw new Error('A heartbeat was planned without a token.');
    const step =
      (composed.call === 'register' ? await this.#unstored(turn) : undefined) ??
      (await cloudly.send(turn, composed, abandon));
    return step === 'aborted' ? { kind: 'now' } : this.#apply(turn, step);
  }

  /**
   * The only place where the observation of the device and the state of the loop become the next call and its
   * description.
   */
  #compose(): void {
    const { store, cloudly, commands } = this.#parts;
    const { failedHeartbeats } = this.#state;
    const callVitals = { failedHeartbeats, clockSkewMs: cloudly?.clockSkewMs };
    const report = this.#observation && this.#reporter.report(this.#observation, store.current, callVitals);
    const turn = this.#turn();
    this.#report = report;
    const { results, running } = commands;
    this.#composed = turn && report && cloudly?.compose({ turn, report, results, running });
  }

  /** What the next call is decided by, as of now; nothing where Cloudly is not configured. */
  #turn(): Turn | undefined {
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

  /** The key must be durable before it is used, because it is needed to repeat a call whose answer was lost. */
  async #unstored(turn: Turn): Promise<Step | undefined> {
    const { store } = this.#parts;
    if (store.durable) return undefined;
    const stored = await this.#onDisk(async () => store.makeDurable());
    // No call was made, so the disk may be checked once an interval.
    return stored.ok ? undefined : { ...waitForStore(turn, stored.problem), pace: { kind: 'interval' } };
  }

  /** Stores what must be durable, and only then applies the decision and follows the answer. */
  async #apply(turn: Turn, decided: Step): Promise<Pace> {
    const { store, clock, logger, cloudly, desiredState, commands } = this.#parts;
    const { enrolment } = decided;
    const stored = enrolment
      ? await this.#onDisk(async () => store.update((identity) => ({ ...identity, enrolment })))
      : { ok: true as const };
    const step = stored.ok ? decided : afterFailedStore(turn, decided, stored.problem);
    this.#state = step.state;
    if (step.desired?.desiredState) desiredState.follow(step.desired.desiredState.settings);
    if (step.desired) commands.follow(step.desired);
    if (step.refused) commands.refused(step.refused.results, step.refused);
    const why = whyNotCommanded(step.state);
    if (why !== undefined) commands.dropWaiting(why);
    this.#compose();
    const logged = {
      before: turn.state,
      after: step.state,
      nodeId: turn.identity.nodeId,
      cloudlyUrl: turn.settings.cloudlyUrl.href,
      approvalCode: cloudly?.approvalCode,
      nowMs: clock.monotonicMs(),
      loggedProblems: this.#loggedProblems,
      clock: { skewMs: cloudly?.clockSkewMs, isLogged: this.#isClockLogged },
    };
    this.#loggedProblems = loggedProblemsAfter(logged);
    this.#isClockLogged = isClockLoggedAfter(logged);
    writeEntries(stepEntries(logged), logger);
    this.#parts.onHeard?.(step.heard);
    return step.pace;
  }

  async #lookAtStore(): Promise<'same' | 'readable' | 'changed'> {
    const { store } = this.#parts;
    const { unreadable } = store;
    if (unreadable) return (await this.#onDisk(async () => unreadable.isOver())) ? 'readable' : 'same';
    if (this.#kept === 'reopen') return 'changed';
    // The loop does not wait for it: an enrolled node needs no disk for a heartbeat, and a disk may hang.
    if (!this.#isLooking) void this.#keepStore();
    return 'same';
  }

  async #keepStore(): Promise<void> {
    this.#isLooking = true;
    this.#kept = await this.#parts.store.keep?.();
    this.#isLooking = false;
  }

  /** A disk may take longer than a turn. What is left of the turn then gets its full time again. */
  async #onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#goesOn(0, storageDeadlineMs);
    const result = await work();
    this.#goesOn(0, turnDeadlineMs);
    return result;
  }

  /** A bug must not end the agent: a remote device cannot be restarted by hand. */
  async #survive(work: () => Promise<void>): Promise<void> {
    const startedMs = this.#parts.clock.monotonicMs();
    try {
      await work();
    } catch (error) {
      this.#parts.logger.error('A turn of the loop failed. This is a bug in BaseRunner; the agent continues.', {
        error,
      });
      this.#plan = this.#planAfter({ kind: 'slow-pace' }, startedMs);
    }
  }

  #goesOn(waitMs: number, deadlineMs: number): void {
    this.#parts.onProgress({ waitMs, deadlineMs }, this.snapshot);
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
