/**
 * What the Supervisor said to the wish for an update. Neither tells how the update goes: read the state for that.
 *
 * - `triggered`: it looks for a new target state now
 * - `accepted`: it took note. Supervisor 19 and later always say so, and start; older ones say so where instant updates
 *   are switched off and nothing is forced, and look at their next poll.
 */
export interface UpdateReceipt {
  /** What the Supervisor said. */
  outcome: 'triggered' | 'accepted';
}
