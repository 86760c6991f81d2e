/** What the loop reports about itself before everything that takes time. */
export interface Progress {
  /** The wait that follows; it does not count as a hang. */
  waitMs: number;
  /** The deadline of the work after it. */
  deadlineMs: number;
}

/** Of a turn: five seconds for the Supervisor, and Cloudly's deadline with room to spare. */
export const turnDeadlineMs = 90_000;

/**
 * Of reading or storing the identity: a worn or busy card may delay a write for minutes, and a restart does not help.
 */
export const storageDeadlineMs = 10 * 60_000;

/** A loop that has missed this many deadlines hangs. */
const deadlinesOfAHang = 3;

/** How the agent reports while it opens its identity: a disk or another agent may take long, and a restart would not help. */
export const opening: Progress = { waitMs: 20_000, deadlineMs: turnDeadlineMs };

/** The time by which the loop has reported again, unless it hangs. */
export function hangsAfterMs({ waitMs, deadlineMs }: Progress): number {
  return waitMs + deadlinesOfAHang * deadlineMs;
}
