import type { Answer } from '../call/answer.js';
import type { App, Model } from '../model/model.js';
import { recordChange, settleAndRecord } from '../journal/record.js';
import type { LockFiles } from '../lock-files/lock-files.js';
import { openListener } from '../transport/node-listener.js';
import type { Listener, ListenOptions } from '../transport/node-listener.js';
import { Outage } from './outage.js';
import type { SupervisorRequest } from '../call/request.js';
import type { Reply } from '../call/reply.js';
import type { Outcome, Unanswered } from '../call/route.js';
import type { Clock } from './clock.js';
import { Timeline } from './timeline.js';
import { comeBack } from '../transitions/power.js';
import { nextMoment } from '../transitions/settle.js';
import type { Moment, Watch } from '../call/watch.js';

export interface DeviceSettings {
  clock: Clock;
  relay: boolean;
  /** The locks as files; undefined if they are not files. */
  lockFiles: LockFiles | undefined;
}

/** Holds the model. Every change goes through here, with all its consequences. */
export class Device {
  readonly #clock: Clock;
  readonly #hasRelay: boolean;
  readonly #timeline: Timeline;
  readonly #listeners = new Set<Listener>();
  readonly #lockFiles: LockFiles | undefined;
  #model: Model;
  #outage: Outage | undefined;
  #up = new AbortController();
  #refusing = false;
  #listenersBack: Promise<unknown> = Promise.resolve();

  constructor(model: Model, { clock, relay, lockFiles }: DeviceSettings) {
    this.#model = model;
    this.#clock = clock;
    this.#hasRelay = relay;
    this.#timeline = new Timeline(clock);
    this.#lockFiles = lockFiles;
    lockFiles?.follow(model, model, this.#timeline.now());
  }

  /** Whether the Supervisor is away. A relay in front of it may still listen. */
  get isDown(): boolean {
    return this.#model.outage !== undefined;
  }

  look(): Moment {
    const now = this.#timeline.now();
    this.#readLocks();
    this.#replace(settleAndRecord(this.#model, now));
    return { model: this.#model, now };
  }

  change(transition: (model: Model, now: number) => Model): void {
    const { model, now } = this.look();
    this.#replace(recordChange(model, transition(model, now), now));
    if (this.isDown) this.dropConnections();
  }

  /** Carries out a call to its end, through all its waits. If the device goes down during a wait, the call is reset. */
  async answer(handle: (model: Model, now: number) => Outcome): Promise<Answer | Unanswered> {
    for (let next = handle; ;) {
      const { model, now } = this.look();
      if (this.isDown) return { noAnswer: 'reset' };
      const outcome = next(model, now);
      if (outcome.model) this.#replace(recordChange(model, outcome.model, now));
      if ('answer' in outcome) return outcome.answer;
      if ('noAnswer' in outcome) return outcome;
      next = outcome.resume;
      const waited = await this.#timeline.until(outcome.until).then(
        () => true,
        () => false,
      );
      if (!waited) return { noAnswer: 'reset' };
    }
  }

  watch(clientGone: AbortSignal): Watch {
    const signal = AbortSignal.any([clientGone, this.#up.signal]);
    return {
      look: () => this.look(),
      next: () => this.#timeline.until(this.#clock.sleep ? nextMoment(this.#model) : Infinity, signal),
      signal,
    };
  }

  async listen(
    options: ListenOptions,
    respond: (request: SupervisorRequest) => Promise<Reply>,
  ): Promise<{ address: string; close: () => Promise<void> }> {
    await this.whenUp();
    const listener = await openListener(options, respond);
    this.#listeners.add(listener);
    if (!this.#isListening) listener.goDown();
    if (this.#lockFiles && this.#listeners.size === 1) this.#keepUp().catch(() => undefined);
    const close = async (): Promise<void> => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#outage?.giveUp();
        this.#timeline.giveUp();
      }
      await listener.close();
    };
    return { address: listener.address, close };
  }

  /** Closes the connections of a device that went down without a request over a socket: no answer would close them. */
  dropConnections(): void {
    if (!this.#isListening) this.#listeners.forEach((listener) => listener.dropConnections());
  }

  /** Refuses connections, or accepts them again. The device itself keeps working. */
  refuse(refusing: boolean): void {
    if (refusing === this.#refusing) return;
    const wasListening = this.#isListening;
    this.#refusing = refusing;
    this.#updateListeners(wasListening);
    if (refusing) this.dropConnections();
  }

  async finishReboot(): Promise<void> {
    this.look();
    const up = this.whenUp();
    if (this.isDown) this.#comeBack();
    await up;
  }

  async whenUp(): Promise<void> {
    this.look();
    this.#outage?.awaitEnd();
    await this.#outage?.over;
    await this.#listenersBack;
  }

  /** Resolves with the first moment that this is true of. Files are looked at again and again. */
  async until(isMet: (moment: Moment) => boolean, signal?: AbortSignal): Promise<Moment> {
    for (;;) {
      signal?.throwIfAborted();
      const moment = this.look();
      if (isMet(moment)) return moment;
      const lookAt = this.#lockFiles && this.#clock.sleep ? moment.now + lookAgainMs : Infinity;
      await this.#timeline.until(Math.min(nextMoment(moment.model), lookAt), signal);
    }
  }

  /** The folder with the lock of a service; undefined if locks are not files. */
  lockFolder(app: App, serviceName: string): string | undefined {
    return this.#lockFiles?.folderOf(this.#model, app, serviceName);
  }

  get #isListening(): boolean {
    const isBehindRelay = this.#hasRelay && this.#model.outage?.cause === 'restart';
    return !this.#refusing && (!this.isDown || isBehindRelay);
  }

  #comeBack(): void {
    const now = this.#timeline.now();
    this.#replace(recordChange(this.#model, comeBack(this.#model, now), now));
  }

  #readLocks(): void {
    const read = this.#lockFiles?.read(this.#model) ?? this.#model;
    if (read === this.#model) return;
    this.#model = read;
    this.#timeline.wake();
  }

  // Every event happens at its own moment, so that it sees the files of that moment.
  async #keepUp(): Promise<void> {
    if (!this.#clock.sleep) return;
    for (let isListening = true; isListening;) {
      const moment = nextMoment(this.look().model);
      isListening = await this.#timeline.until(moment).then(
        () => true,
        () => false,
      );
    }
  }

  #replace(model: Model): void {
    if (model === this.#model) return;
    const [wasDown, wasListening] = [this.isDown, this.#isListening];
    this.#lockFiles?.follow(this.#model, model, this.#timeline.now());
    this.#model = model;
    this.#updateListeners(wasListening);
    if (!wasDown && this.isDown) this.#goDown();
    if (wasDown && !this.isDown) this.#comeUp();
    this.#timeline.wake();
  }

  #updateListeners(wasListening: boolean): void {
    if (wasListening && !this.#isListening) this.#listeners.forEach((listener) => listener.goDown());
    if (wasListening || !this.#isListening) return;
    this.#listenersBack = Promise.all([...this.#listeners].map((listener) => listener.comeBack()));
    this.#listenersBack.catch(() => undefined);
  }

  #goDown(): void {
    const { since = 0, until = 0 } = this.#model.outage ?? {};
    const outage = new Outage(this.#clock, until - since, () => {
      const isUnderWay = this.#outage === outage && this.isDown;
      if (isUnderWay) this.#comeBack();
    });
    this.#outage = outage;
    if (this.#listeners.size > 0) outage.awaitEnd();
    this.#up.abort(new Error('The Supervisor went down.'));
    this.#up = new AbortController();
  }

  #comeUp(): void {
    const outage = this.#outage;
    void outage?.end([this.#listenersBack.then(() => undefined)]).finally(() => {
      if (this.#outage === outage) this.#outage = undefined;
    });
  }
}

const lookAgainMs = 100;
