import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { CloudlyCalls } from '../src/ports/cloudly-calls.js';
import { cloudlyId, unreachable } from './fake-cloudly.js';
import type { VirtualClock } from './virtual-clock.js';

/** A Cloudly in memory that takes the heartbeats of thousands and keeps of them no more than when they came. */
export class HerdCloudly implements CloudlyCalls {
  /** Nothing accepts connections. */
  isDown = false;
  readonly #clock: VirtualClock;
  readonly #windowMs: number;
  /** Calls by the window in which they arrived, including rejected ones. */
  #arrivals: number[] = [];
  #taken = new Map<string, number>();

  readonly register: CloudlyCalls['register'];
  readonly heartbeat: CloudlyCalls['heartbeat'];

  constructor(clock: VirtualClock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.register = async ({ nodeId }): Promise<RegisterOutcome> => {
      this.#arrive();
      if (this.isDown) return unreachable;
      return {
        kind: 'accepted',
        created: true,
        answer: { ...this.#answer(), nodeId, nodeToken: `token-of-${nodeId}` },
      };
    };
    this.heartbeat = async ({ nodeId }): Promise<HeartbeatOutcome> => {
      this.#arrive();
      if (this.isDown) return unreachable;
      if (!this.#taken.has(nodeId)) this.#taken.set(nodeId, clock.monotonicMs());
      return { kind: 'accepted', answer: this.#answer() };
    };
  }

  /** From now on. */
  beginCounting(): void {
    this.#arrivals = [];
    this.#taken = new Map();
  }

  /** The most calls that arrived within one window. */
  get peak(): number {
    return this.#arrivals.reduce((most, count) => Math.max(most, count), 0);
  }

  /** When, by the clock, each node's first heartbeat was taken, the earliest first. */
  get takenAtMs(): number[] {
    return [...this.#taken.values()].toSorted((one, other) => one - other);
  }

  #arrive(): void {
    const window = Math.floor(this.#clock.monotonicMs() / this.#windowMs);
    this.#arrivals[window] = (this.#arrivals[window] ?? 0) + 1;
  }

  #answer() {
    const serverTime = new Date(this.#clock.wallMs()).toISOString();
    return { protocol: 1 as const, accepted: true as const, cloudlyId, serverTime };
  }
}
