/**
 * The Supervisor's answer to a request for an update. It says nothing about the progress: read the state for that.
 *
 * - `triggered`: the Supervisor looks for a new target state now
 * - `accepted`: the Supervisor has accepted the request. Supervisors 18.0 and 19 always answer this, and start at once.
 *   Older ones since 9.13 answer this if instant updates are disabled and the update is not forced; they look at their next
 *   poll. Before 14.5 they answer this to a forced update, too, and ignore `force`
 *   (`capabilities().forcedInstantUpdate`).
 */
export interface UpdateReceipt {
  /** The Supervisor's answer. */
  outcome: 'triggered' | 'accepted';
}
