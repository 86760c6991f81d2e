/** Where Cloudly gives none, a node keeps its own, which is this unless somebody has set another. */
export const NODES_OWN_INTERVAL_MS = 60_000;

/** A node is missed after two intervals: one heartbeat may be lost on its way. */
const INTERVALS_UNTIL_MISSED = 2;

/** When a node counts as offline unless another heartbeat has come. */
export const expectedBy = (receivedAtMs: number, heartbeatIntervalMs: number | undefined): number =>
  receivedAtMs + INTERVALS_UNTIL_MISSED * (heartbeatIntervalMs ?? NODES_OWN_INTERVAL_MS);
