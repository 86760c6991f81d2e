/** How often nodes send a heartbeat. */
export const HEARTBEAT_INTERVAL_MS = 60_000;

/** When a node that waits for approval asks again. */
export const PENDING_RETRY_AFTER_MS = 60_000;

/** When a node comes again that could not be answered. */
export const UNAVAILABLE_RETRY_AFTER_MS = 30_000;
