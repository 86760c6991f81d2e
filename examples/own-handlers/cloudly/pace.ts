/** How often nodes send a heartbeat. */
export const HEARTBEAT_INTERVAL_MS = 60_000;

/** The time after which a node that waits for approval asks again. */
export const PENDING_RETRY_AFTER_MS = 60_000;

/** How long a node waits before it retries if it got no proper answer. */
export const UNAVAILABLE_RETRY_AFTER_MS = 30_000;
