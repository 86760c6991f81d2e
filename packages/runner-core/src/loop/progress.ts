/** What the loop tells of itself before everything that takes time. */
export interface Progress {
  /** The wait that follows, which says nothing about whether the loop hangs. */
  waitMs: number;
  /** The deadline of what the loop does then. */
  deadlineMs: number;
}

/** Of a turn: five seconds for the Supervisor, and Cloudly's deadline with room to spare. */
export const turnDeadlineMs = 90_000;

/** Of reading or storing the identity: a card that is worn or busy holds a write for minutes, and a restart mends neither. */
export const storageDeadlineMs = 10 * 60_000;

/** A loop that let so many deadlines pass hangs. */
const deadlinesOfAHang = 3;

/** When the loop tells of itself again, unless it is late. */
export function nextWithinMs({ waitMs, deadlineMs }: Progress): number {
  return waitMs + deadlineMs;
}

/** When the loop has told of itself again, unless it hangs. */
export function hangsAfterMs({ waitMs, deadlineMs }: Progress): number {
  return waitMs + deadlinesOfAHang * deadlineMs;
}
