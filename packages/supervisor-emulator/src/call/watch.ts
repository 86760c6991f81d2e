import type { Model } from '../model/model.js';

/** The model at a moment, in ms since the epoch, with all changes that time alone has caused. */
export interface Moment {
  model: Model;
  now: number;
}

/** How a stream follows what happens on the device. */
export interface Watch {
  look(): Moment;
  /**
   * Resolves when the model has changed, by a call or by time alone. With a clock that cannot sleep, a change by time is
   * noticed only at the next access. Rejects when the client disconnects or the Supervisor goes down.
   */
  next(): Promise<void>;
  signal: AbortSignal;
}
