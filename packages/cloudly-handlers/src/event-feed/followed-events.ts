import type { EventFilter } from '../events/event-filter.js';
import type { FleetEvent } from '../events/fleet-event.js';

export interface FollowOptions extends EventFilter {
  /** The place to go on after: `after` of what was followed before. @default only what happens from now on */
  after?: string | undefined;
  signal: AbortSignal;
}

/** Events as they happen: no one is missing, and none comes twice. */
export interface FollowedEvents {
  /** The next ones, in their order. None if there is only another place to tell. */
  events: readonly FleetEvent[];
  /** The place after these events, for whoever goes on later. */
  after: string;
  /**
   * Events are missing before this place. What was derived from events is to be read anew.
   *
   * - `epoch`: data was lost, and so positions of before mean other events.
   * - `gone`: the next events were so old that they have been dropped.
   */
  reset?: ResetReason;
}

export type ResetReason = 'epoch' | 'gone';
