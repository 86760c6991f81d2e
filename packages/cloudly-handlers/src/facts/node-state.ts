import type { NodeRecord } from '../fleet/node-record.js';
import type { StoredHeartbeat } from '../fleet/node-report.js';
import { approvalOf } from './approval.js';
import type { NodeState } from './node-facts.js';

/** A heartbeat that arrived in time may still be on its way to the store. */
const GRACE_MS = 10_000;

const OFFLINE_AFTER_INTERVALS = 3;
const OFFLINE_AFTER_MIN_MS = 60_000;

/** How soon a node is looked at again although nothing is expected of it, in case its return was not noted. */
const LOOK_AGAIN_MS = 3_600_000;

export interface HeardNode {
  node: Pick<NodeRecord, 'approvedAtMs' | 'revokedAtMs'>;
  /** The last heartbeat; absent until the first. */
  last?: Pick<StoredHeartbeat, 'receivedAtMs' | 'expectedByMs'> | undefined;
  /** What was found last. */
  before?: NodeState | undefined;
  nowMs: number;
  /** When Cloudly began to accept requests: for two intervals from then, it excuses who is not heard. @default long ago */
  upSinceMs?: number | undefined;
}

/** Where a node stands. That Cloudly was away neither makes it late nor brings it back. */
export function nodeStateOf({ node, last, before, nowMs, upSinceMs }: HeardNode): NodeState {
  const approval = approvalOf(node);
  if (approval !== 'approved') return approval;
  if (!last) return 'never-seen';
  const found = stateByTime(last, nowMs);
  const excused = stateByTime(last, nowMs, upSinceMs);
  return worse(excused, milder(found, before));
}

/** When a sweep must look at a node in this state next; `undefined` for one that may not send heartbeats. */
export function nextCheckAtMs(
  state: NodeState,
  { last, nowMs, upSinceMs }: Pick<HeardNode, 'last' | 'nowMs' | 'upSinceMs'>,
): number | undefined {
  if (state === 'pending' || state === 'revoked') return undefined;
  if (!last || state === 'never-seen' || state === 'offline') return nowMs + LOOK_AGAIN_MS;
  const { lateAtMs, offlineAtMs } = deadlines(last, upSinceMs);
  return state === 'online' ? lateAtMs : offlineAtMs;
}

type Heartbeat = NonNullable<HeardNode['last']>;

/** From the mildest to the worst. */
const timely = ['online', 'late', 'offline'] as const;

type Timely = (typeof timely)[number];

function stateByTime(last: Heartbeat, nowMs: number, upSinceMs?: number): Timely {
  const { lateAtMs, offlineAtMs } = deadlines(last, upSinceMs);
  if (nowMs >= offlineAtMs) return 'offline';
  return nowMs >= lateAtMs ? 'late' : 'online';
}

function deadlines({ receivedAtMs, expectedByMs }: Heartbeat, upSinceMs = -Infinity) {
  const twoIntervalsMs = expectedByMs - receivedAtMs;
  const missedAtMs = Math.max(expectedByMs, upSinceMs + twoIntervalsMs);
  const offlineAfterMs = Math.max((OFFLINE_AFTER_INTERVALS * twoIntervalsMs) / 2, OFFLINE_AFTER_MIN_MS);
  return { lateAtMs: missedAtMs + GRACE_MS, offlineAtMs: missedAtMs + offlineAfterMs };
}

function worse(one: Timely, other: Timely): Timely {
  return timely.indexOf(one) < timely.indexOf(other) ? other : one;
}

/** `before` counts as far as it tells how the node was heard. */
function milder(found: Timely, before: NodeState | undefined): Timely {
  const known = timely.find((state) => state === before) ?? 'online';
  return timely.indexOf(known) < timely.indexOf(found) ? known : found;
}
