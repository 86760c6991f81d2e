import type { CloudlyConnector, WakeOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { WakeOffer } from '@serve.zone/baseos-contracts';
import { waitMs } from '../loop/backoff.js';
import { callCloudly } from '../loop/call-cloudly.js';
import type { HeardHeartbeat } from '../loop/heard-heartbeat.js';
import { aborted } from '../ports/aborted.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { Randomness } from '../ports/randomness.js';
import type { Secret } from '../values/secret.js';
import {
  afterOffer,
  afterWait,
  heartbeatWithinMs,
  initialWakeState,
  type WakeState,
  type WakeStep,
  waitsApartMs,
} from './wake-rules.js';
import type { WakingStatus } from './waking-status.js';

export interface WakerParts {
  connector: Pick<CloudlyConnector, 'wake'>;
  clock: Clock;
  randomness: Randomness;
  logger: Logger;
  /** The token of the next heartbeat. */
  token: () => Secret | undefined;
  /** The heartbeat's interval, for the backoff. */
  intervalMs: () => number;
  /** Brings the next heartbeat forward. */
  onWoken: () => void;
}

/**
 * Waits beside the heartbeat loop until Cloudly has something for the node, as long as the newest heartbeat was accepted
 * with an offer to wake it. A wait that fails costs latency and nothing else.
 */
export class Waker {
  readonly #parts: WakerParts;
  #state: WakeState = initialWakeState;
  #offer: WakeOffer | undefined;
  #told: string | undefined;
  #isAccepted = false;
  #isWaiting = false;
  #failingSinceWallMs: number | undefined;
  /** Ends the wait for something to be heard. */
  #heard = new AbortController();
  /** Ends a wait that is no longer offered. */
  #withdrawn = new AbortController();

  constructor(parts: WakerParts) {
    this.#parts = parts;
  }

  get status(): WakingStatus {
    const { failures: inARow, reason = '' } = this.#state;
    const isWaiting = this.#isWaiting;
    if (!this.#offer) return { state: this.#isAccepted ? 'not-offered' : 'unknown', isWaiting };
    if (this.#failingSinceWallMs === undefined) return { state: 'on', isWaiting };
    const since = new Date(this.#failingSinceWallMs).toISOString();
    return { state: 'failing', isWaiting, failure: { inARow, since, reason } };
  }

  /** The outcome of each call to Cloudly; absent for all but an accepted heartbeat. */
  hear(heard: HeardHeartbeat | undefined): void {
    this.#isAccepted = heard !== undefined;
    this.#offer = heard?.offer;
    this.#told = heard?.told ?? this.#told;
    if (heard?.offer) this.#state = afterOffer(this.#state);
    else this.#withdrawn.abort('withdrawn');
    // A reason of its own: the usual one is an exception with a stack, and this happens with each heartbeat.
    this.#heard.abort('heard');
    this.#heard = new AbortController();
  }

  /** Resolves once `stopping` aborts. */
  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const offer = this.#state.isOff ? undefined : this.#offer;
      if (!offer) {
        await this.#nextHeard(stopping);
        continue;
      }
      const step = await this.#wait(offer, stopping);
      this.#state = step.state;
      if (step.state.failures === 0) this.#failingSinceWallMs = undefined;
      else this.#failingSinceWallMs ??= this.#parts.clock.wallMs();
      await this.#parts.clock.sleep(this.#pauseMs(step), stopping);
    }
  }

  async #wait(offer: WakeOffer, stopping: AbortSignal): Promise<WakeStep> {
    const { clock, connector, token, logger } = this.#parts;
    this.#withdrawn = new AbortController();
    const signal = AbortSignal.any([stopping, this.#withdrawn.signal]);
    const secret = token();
    const startedMs = clock.monotonicMs();
    const outcome = secret
      ? await this.#call(
          async () => connector.wake({ nodeToken: () => secret.reveal(), waitMs: offer.waitMs, signal }),
          signal,
        )
      : ({ kind: 'aborted' } as const);
    const waitedMs = clock.monotonicMs() - startedMs;
    const toldNews = outcome.kind === 'woken' ? await this.#fetchNews(stopping) : undefined;
    logger.debug(messages[outcome.kind], logged(outcome, waitedMs));
    return afterWait(this.#state, outcome, { waitedMs, waitMs: offer.waitMs, toldNews });
  }

  async #call(wake: () => Promise<WakeOutcome>, signal: AbortSignal): Promise<WakeOutcome> {
    this.#isWaiting = true;
    const outcome = await callCloudly(wake, signal);
    this.#isWaiting = false;
    return outcome.kind === 'unreachable' ? { kind: 'failed', reason: outcome.message } : outcome;
  }

  /** Lets the next heartbeat come soon; whether its answer told something new. Nothing is known if it was not accepted. */
  async #fetchNews(stopping: AbortSignal): Promise<boolean | undefined> {
    const { clock, randomness, onWoken } = this.#parts;
    const before = this.#told;
    const heard = this.#heard.signal;
    await clock.sleep(randomness.fraction() * heartbeatWithinMs, AbortSignal.any([stopping, heard]));
    // A heartbeat that was due anyway may have told it.
    if (!heard.aborted) onWoken();
    if (!heard.aborted) await aborted(AbortSignal.any([stopping, heard]));
    return this.#offer && this.#told !== before;
  }

  async #nextHeard(stopping: AbortSignal): Promise<void> {
    await aborted(AbortSignal.any([stopping, this.#heard.signal]));
  }

  #pauseMs({ pace }: WakeStep): number {
    if (pace.kind === 'apart') return waitsApartMs;
    const { randomness, intervalMs } = this.#parts;
    const settings = { intervalMs: intervalMs(), startSpreadMs: 0 };
    return Math.max(waitsApartMs, waitMs(pace, settings, randomness.fraction()));
  }
}

const messages = {
  woken: 'Cloudly has something for this node: the next heartbeat comes now.',
  'not-woken': 'Waited for Cloudly, and there was nothing.',
  'not-offered': 'Nothing at Cloudly wakes this node. It waits for the next offer.',
  busy: 'Cloudly cannot let this node wait at present. Heartbeats go on.',
  failed: 'Waiting for Cloudly failed. Heartbeats go on.',
  aborted: 'Waiting for Cloudly has ended.',
} as const satisfies Record<WakeOutcome['kind'], string>;

function logged(outcome: WakeOutcome, waitedMs: number): Record<string, unknown> {
  return { waitedMs, ...('reason' in outcome && { reason: outcome.reason }) };
}
