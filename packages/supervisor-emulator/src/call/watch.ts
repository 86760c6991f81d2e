import type { Model } from '../model/model.js';

/** The model at a moment, in ms since the epoch, with whatever only needed time to pass. */
export interface Moment {
  model: Model;
  now: number;
}

/** How a stream follows what happens on the device. */
export interface Watch {
  look(): Moment;
  /**
   * Resolves when the model was changed, or something has happened by itself, though on a clock that cannot sleep only once
   * somebody has looked. Rejects when the client has gone or the Supervisor goes down.
   */
  next(): Promise<void>;
  signal: AbortSignal;
}
