import type { PublishedStatus } from '../status/published-status.js';
import type { PlannedCall } from '../loop/node-state.js';

/**
 * The call that a running agent has planned, as it stands now: an agent publishes before it waits, and not again until
 * Cloudly has answered. It counts by uptime, since the clock of a device may have jumped since.
 */
export function plannedCallAt(published: PublishedStatus, uptimeSeconds: number): PlannedCall | undefined {
  const { next } = published.status.cloudly;
  if (!next) return undefined;
  const waitSeconds = (Date.parse(next.at) - Date.parse(published.writtenAt)) / 1000;
  return { ...next, underWay: published.writtenAtUptimeSeconds + waitSeconds <= uptimeSeconds || undefined };
}
