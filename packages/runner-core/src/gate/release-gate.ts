import type { UpdateMode } from '@serve.zone/baseos-contracts';
import type { AskNotes, Ending, Waits } from '../commands/actions/command-action.js';
import { sampleOf } from '../commands/actions/update-looks.js';
import type { DeviceView } from '../commands/device/device-view.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { findStagedRelease } from '../updates/staged-release.js';
import type { UpdateSample } from '../updates/update-sample.js';
import { gateDecision } from './gate-decision.js';
import { provenAfterMs } from './gate-memory.js';
import type { GateMemoryStore } from './gate-memory-file.js';
import { GateRecord } from './gate-record.js';
import { type GateSituation, isLockWanted, type OpenedBy, openedBy } from './gate-situation.js';
import { gateStatus, type GateStatus } from './gate-status.js';
import { LockKeeper } from './lock-keeper.js';
import { modeInForce } from './mode-in-force.js';
import type { TakeServiceLock } from './service-lock.js';

export interface ReleaseGateParts {
  /** `BASEOS_UPDATES` */
  environment: UpdateMode;
  /** Whether the device accepts the command `update`. */
  mayUpdate: boolean;
  /** After so long without an answer of Cloudly's the gate opens by itself; 0: never. */
  opensAfterMs: number;
  /** Absent where the Supervisor gives this service no place for a lock. */
  takeLock: TakeServiceLock | undefined;
  memory: GateMemoryStore;
  /** One look at the device, for the release that waits; absent without a Supervisor. */
  look: ((signal: AbortSignal) => Promise<DeviceView>) | undefined;
  clock: Clock;
  logger: Logger;
  /** The gate has changed, or a release waits at it: Cloudly should know soon. */
  onNews: () => void;
  stopping: AbortSignal;
}

/** What is known when the agent starts, or starts again with another identity. */
export interface GateStart {
  /** How Cloudly last wanted the device to take releases. */
  updates: UpdateMode | undefined;
  /** The IDs of the commands `update` that were asked and have not ended: the gate is open for them. */
  openUpdateIds: readonly string[];
}

const lookEveryMs = 30_000;

/**
 * Holds new releases back by the update lock of our own service, until Cloudly's command `update` lets one through. On a
 * device that takes releases as they come it does nothing, except that it removes a lock that was left behind.
 */
export class ReleaseGate {
  readonly #parts: ReleaseGateParts;
  readonly #keeper: LockKeeper;
  readonly #record: GateRecord;
  readonly #startedMs: number;
  /** Why the lock is not held, by the ID of a command or by the reason itself. */
  readonly #reasons = new Map<string, OpenedBy>();
  #cloudly: UpdateMode | undefined;
  #samples: readonly UpdateSample[] = [];
  #staged: string | undefined;
  #isStarted = false;
  #isWatching = false;
  #lastTold: string | undefined;
  #isInVain = false;

  constructor(parts: ReleaseGateParts) {
    const { takeLock = noPlaceForLock, clock, logger, stopping, memory: store, opensAfterMs } = parts;
    this.#parts = parts;
    this.#startedMs = clock.monotonicMs();
    this.#record = new GateRecord({ store, clock, opensAfterMs });
    this.#keeper = new LockKeeper({ take: takeLock, clock, logger, stopping, onChange: () => this.#tell() });
  }

  /** For the status of the device. */
  get status(): GateStatus {
    return gateStatus(this.#situation, this.#staged);
  }

  /** Takes the lock, if releases are to be held, or removes one that was left behind. It never rejects. */
  async start({ updates, openUpdateIds }: GateStart): Promise<void> {
    this.#cloudly = updates;
    for (const [key, reason] of this.#reasons) if (reason === 'update') this.#reasons.delete(key);
    for (const id of openUpdateIds) this.#reasons.set(id, 'update');
    if (this.#isStarted) return this.#follow();
    this.#isStarted = true;
    const isGated = this.#situation.mode === 'gated';
    if (isGated && !this.#parts.mayUpdate) this.#parts.logger.warn(nobodyOpens);
    if (isGated) await this.#remember();
    await this.#follow();
    if (!isLockWanted(this.#situation) && this.#parts.takeLock) await this.#keeper.clear();
    // The lock comes first: the disk has time.
    if (isGated) this.#record.save();
  }

  /** Cloudly has answered. `updates`: how it wants the device to take releases, as far as that is stored. */
  hear({ updates }: { updates: UpdateMode | undefined }): void {
    const before = this.#situation.mode;
    this.#cloudly = updates;
    this.#record.hear();
    this.#reasons.delete('silence');
    const { mode } = this.#situation;
    if (mode !== before) {
      this.#parts.logger.info(
        mode === 'gated'
          ? "From now on releases wait for Cloudly's command."
          : 'From now on releases are installed as they come.',
      );
    }
    void this.#follow();
  }

  /** A turn of the agent's loop has finished: the agent works. */
  noteTurn(): void {
    if (!this.#record.prove()) return;
    if (this.#reasons.delete('crash-loop')) void this.#follow();
  }

  /** How a command would end at the gate now; `undefined` if it would not. For a preview. */
  refusalOf(command: { kind: string }, view: DeviceView): Ending | undefined {
    if (view.supervisor === undefined) return undefined;
    const { mode, openedBy: opened } = this.#situation;
    const decision = gateDecision({ command, mode, openedBy: opened, view });
    return decision.kind === 'end' ? decision.ending : undefined;
  }

  async beforeAsk(
    command: { id: string; kind: string },
    _notes: AskNotes,
    view: DeviceView,
  ): Promise<{ kind: 'end'; ending: Ending } | ({ kind: 'wait' } & Waits) | undefined> {
    const { mode, openedBy: opened } = this.#situation;
    const decision = gateDecision({ command, mode, openedBy: opened, view });
    if (decision.kind === 'pass') return undefined;
    if (decision.kind !== 'open') return decision;
    this.#reasons.set(command.id, decision.for);
    await this.#follow();
    return undefined;
  }

  /** An update needs the gate open until its release runs, and another command only for the call: both may soak for long. */
  onAccepted({ id }: { id: string }): void {
    if (this.#reasons.get(id) === 'own-command') this.afterAsked({ id });
  }

  onPhase({ id, kind }: { id: string; kind: string }, phase: string): void {
    if (kind !== 'update') return;
    if (phase === 'verifying') return this.afterAsked({ id });
    if (this.#reasons.has(id)) return;
    // Something has replaced the release that was watched, and the command is about the next one.
    this.#reasons.set(id, 'update');
    void this.#follow();
  }

  afterAsked({ id }: { id: string }): void {
    if (this.#reasons.delete(id)) void this.#follow();
  }

  /** The agent is told to stop: this start has not crashed. */
  noteStop(): void {
    if (this.#isStarted) this.#record.noteStop();
  }

  /** Resolves when nothing is being written. */
  async closed(): Promise<void> {
    await this.#record.saved();
  }

  get #situation(): GateSituation {
    const { environment, mayUpdate } = this.#parts;
    return {
      mode: modeInForce({ environment, cloudly: this.#cloudly, mayUpdate }),
      openedBy: openedBy(new Set(this.#reasons.values())),
      lock: this.#keeper.state,
    };
  }

  async #remember(): Promise<void> {
    const found = await this.#record.load();
    if (found.isTooSilent) this.#openBySilence();
    if (!found.isCrashLoop) return;
    this.#reasons.set('crash-loop', 'crash-loop');
    this.#parts.logger.warn(
      'BaseRunner crashed soon after its last starts, so it holds no release back: the next one may mend it.',
    );
  }

  #openBySilence(): void {
    if (this.#reasons.has('silence')) return;
    this.#reasons.set('silence', 'silence');
    this.#parts.logger.warn(
      'Cloudly has not answered for the time of BASEOS_GATE_OPENS_AFTER. The gate opens by itself, and closes with the next answer.',
    );
  }

  /** Holds or releases the lock, as the situation wants it. */
  async #follow(): Promise<void> {
    const situation = this.#situation;
    if (isLockWanted(situation)) await this.#keeper.hold();
    else if (situation.lock.kind !== 'released') await this.#keeper.release();
    if (situation.mode === 'gated' && !this.#isWatching) void this.#watch();
    this.#tell();
  }

  /** Beside the lock: the release that waits, and the time without an answer. */
  async #watch(): Promise<void> {
    const { clock, stopping } = this.#parts;
    this.#isWatching = true;
    while (!stopping.aborted && this.#situation.mode === 'gated') {
      await this.#look();
      this.#record.noteSilence();
      if (this.#record.isTooSilent && !this.#reasons.has('silence')) {
        this.#openBySilence();
        void this.#follow();
      }
      if (clock.monotonicMs() - this.#startedMs >= provenAfterMs) this.noteTurn();
      await clock.sleep(lookEveryMs, stopping);
    }
    this.#isWatching = false;
  }

  async #look(): Promise<void> {
    const { look, stopping } = this.#parts;
    const view = await look?.(stopping);
    if (stopping.aborted || view?.supervisor === undefined) return;
    const { apps } = view.supervisor;
    const sample = sampleOf(view, view.own.appId ?? (apps.length === 1 ? apps[0]?.appId : undefined));
    this.#samples = sample ? [...this.#samples, sample].slice(-2) : [];
    this.#staged = findStagedRelease(this.#samples);
    this.#tell();
  }

  #tell(): void {
    const told = JSON.stringify(this.status);
    if (told === this.#lastTold) return;
    const isFirst = this.#lastTold === undefined;
    this.#lastTold = told;
    this.#logWhetherItHolds();
    if (!isFirst) this.#parts.onNews();
  }

  /** An operator of the device reads it in its log if releases are installed as they come although they are to wait. */
  #logWhetherItHolds(): void {
    const { gate, reason } = this.status;
    // A crash loop has a line of its own.
    const isInVain = gate === 'unavailable' && this.#situation.openedBy === undefined;
    if (isInVain && !this.#isInVain) this.#parts.logger.warn(`The gate is unavailable. ${reason}`);
    if (gate === 'closed' && this.#isInVain) this.#parts.logger.info('The gate is closed: it holds releases back now.');
    if (isInVain || gate === 'closed') this.#isInVain = isInVain;
  }
}

const nobodyOpens =
  'Releases wait behind the gate (BASEOS_UPDATES), and this device does not accept the command update (BASEOS_COMMANDS), so nothing can let them through.';

async function noPlaceForLock(): Promise<never> {
  throw new Error('This program has no update lock of a service.');
}
