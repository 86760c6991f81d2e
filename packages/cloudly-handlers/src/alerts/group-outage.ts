/** Nodes that went offline within so long have probably done so for the same reason: some intervals of a large fleet. */
export const OUTAGE_WITHIN_MS = 900_000;

const NODES_MIN = 3;
/** So many are an outage even among very many. */
const NODES_MANY = 10;

/** What is known of the nodes with one value of a label. */
export interface GroupCounts {
  /** Those that are offline, and went offline within minutes. */
  offlineCount: number;
  /** All that have the value. */
  nodeCount: number;
}

/** Whether these nodes have one alert, in the place of one for each. */
export function isOutage({ offlineCount, nodeCount }: GroupCounts): boolean {
  if (offlineCount < NODES_MIN) return false;
  return offlineCount >= NODES_MANY || 2 * offlineCount >= nodeCount;
}

/**
 * Whether it is over: most are back. Those that are still offline then have an alert each, so there must be few.
 *
 * @param offlineCount how many of its nodes are still offline @param offlineCountMax how many there were at most
 */
export function isOutageOver(offlineCount: number, offlineCountMax: number): boolean {
  return offlineCount < NODES_MIN || 10 * offlineCount <= offlineCountMax;
}
