/**
 * What the Supervisor said to the wish for an update. Neither tells how the update goes: read the state for that.
 *
 * - `triggered`: it looks for a new target state now
 * - `accepted`: it took note. Supervisors 18.0 and 19 always say so, and start. Those from 9.13 on that say `triggered`,
 *   too, say so where instant updates are switched off and nothing is forced, and look at their next poll. Before 14.5
 *   they say it to a forced update as well, and forget the force (`capabilities().forcedInstantUpdate`).
 */
export interface UpdateReceipt {
  /** What the Supervisor said. */
  outcome: 'triggered' | 'accepted';
}
