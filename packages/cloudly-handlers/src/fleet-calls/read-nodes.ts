import { nodeAlertKinds } from '../alerts/alert-kinds.js';
import type { NodeState } from '../facts/node-facts.js';
import { nodeStates } from '../facts/node-facts.js';
import { isContested, rivalBoots } from '../fleet/clone-suspicion.js';
import type { HistoryResolution, HistorySlot } from '../fleet/history.js';
import type { StoredNode } from '../fleet/node-store.js';
import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { CountField, FleetPage, ValueCount } from '../fleet-store/fleet-store.js';
import { shownAlert } from './alerts.js';
import { type Call, requireLimit, requireNode, requireValue, throwUnknownNode } from './call.js';
import type {
  FleetSummary,
  LiveNode,
  NodeCount,
  NodeCountQuery,
  NodeDetails,
  NodeQuery,
  Rival,
  ValueQuery,
} from './fleet.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';
import { shownRecord } from './shown-record.js';

const PAGE = 100;
const PAGE_MAX = 1000;
const LIVE_MAX = 100;
const COUNT_MAX = 10_000;
/** How many nodes a text may mean before the list of them ends. */
const CANDIDATES_MAX = 10;

export async function summary({ store }: Call): Promise<FleetSummary> {
  const counts = await store.countFleetBy('state', { selector: { terms: [] }, limit: nodeStates.length });
  const states = Object.fromEntries(nodeStates.map((state) => [state, 0])) as Record<NodeState, number>;
  for (const { value, count } of counts) states[value as NodeState] = count;
  return { nodeCount: Object.values(states).reduce((sum, count) => sum + count, 0), states };
}

export function listNodes({ store }: Call, query: NodeQuery = {}): Promise<FleetPage> {
  const { selector, sort = { by: 'name', isDescending: false }, after, limit = PAGE } = query;
  return store.listFleet({
    selector: readSelector(selector),
    sort,
    limit: requireLimit(limit, PAGE_MAX),
    ...(after && { after }),
  });
}

export async function countNodes({ store }: Call, query: NodeCountQuery = {}): Promise<NodeCount> {
  const { selector, max = COUNT_MAX } = query;
  const counted = await store.countFleet({
    selector: readSelector(selector),
    max: requireLimit(max, Number.MAX_SAFE_INTEGER - 1) + 1,
  });
  return { count: Math.min(counted, max), isMore: counted > max };
}

export function countBy({ store }: Call, field: CountField, query: ValueQuery = {}): Promise<ValueCount[]> {
  const { selector, limit = PAGE } = query;
  return store.countFleetBy(field, { selector: readSelector(selector), limit: requireLimit(limit, PAGE_MAX) });
}

export async function liveNodes({ store }: Call, nodeIds: readonly string[]): Promise<LiveNode[]> {
  const isFew = nodeIds.length <= LIVE_MAX;
  requireValue(isFew ? undefined : `There are more than ${LIVE_MAX} nodes`, 'Ask for those that are on the screen.');
  const listed = await store.findFleetNodes([...new Set(nodeIds)]);
  return Promise.all(listed.map(async (node) => liveNode(node, await store.findNode(node.facts.nodeId))));
}

function liveNode(
  { facts: { nodeId }, state, quietSinceMs, lastHeartbeatAtMs }: FleetNode,
  stored?: StoredNode,
): LiveNode {
  const { vitals, runningCommand } = stored?.lastHeartbeat ?? {};
  return {
    nodeId,
    state,
    ...(quietSinceMs !== undefined && { quietSinceMs }),
    ...(lastHeartbeatAtMs !== undefined && { lastHeartbeatAtMs }),
    ...(vitals && { vitals }),
    ...(runningCommand && { runningCommand }),
  };
}

export async function getNode(call: Call, nodeId: string): Promise<NodeDetails> {
  const { store, caller } = call;
  const stored = await requireNode(call, nodeId);
  const [[listed], profile, status, { alerts }] = await Promise.all([
    store.findFleetNodes([nodeId]),
    store.findProfile(nodeId),
    store.findStatus(nodeId),
    store.listAlerts({ nodeId, limit: nodeAlertKinds.length }),
  ]);
  // It was forgotten in between.
  if (!listed || !profile) return throwUnknownNode(nodeId);
  const { lastHeartbeat } = stored;
  return {
    ...listed,
    profile,
    record: shownRecord(stored.node, caller.role),
    ...(lastHeartbeat && { lastHeartbeat }),
    ...(status && { status }),
    rivals: isContested(stored.node) ? rivalsOf(stored) : [],
    openAlerts: alerts.map(shownAlert),
  };
}

function rivalsOf({ node, lastHeartbeat }: StoredNode): Rival[] {
  return rivalBoots(node).map((bootId): Rival => {
    const before = node.supersededBoots.find((boot) => boot.bootId === bootId);
    const lastSeenAtMs =
      lastHeartbeat?.bootId === bootId ? lastHeartbeat.receivedAtMs : (before?.returned?.atMs ?? before?.lastSeenAtMs);
    return lastSeenAtMs === undefined ? { bootId } : { bootId, lastSeenAtMs };
  });
}

export async function resolveNode({ store }: Call, text: string): Promise<FleetNode> {
  const nodes = text === '' ? [] : await store.findNodesNamed(text, CANDIDATES_MAX + 1);
  const [node, ...others] = nodes;
  if (!node) {
    throw new FleetError('node-unknown', `There is no node with the ID, name, host name or device UUID ${text}`, {
      remedy: 'List the nodes to find it. It may have been forgotten, or be out of your scope.',
    });
  }
  const exact = nodes.find(({ facts }) => facts.nodeId === text);
  if (others.length === 0 || exact) return exact ?? node;
  const candidates = nodes.map(({ facts }) => facts.nodeId);
  const list = candidates.slice(0, CANDIDATES_MAX).join(', ') + (candidates.length > CANDIDATES_MAX ? ', ...' : '');
  throw new FleetError('node-ambiguous', `Several nodes are called ${text}: ${list}`, {
    remedy: 'Name one of them by its ID.',
    candidates,
  });
}

export async function history(call: Call, nodeId: string, resolution: HistoryResolution): Promise<HistorySlot[]> {
  await requireNode(call, nodeId);
  return call.store.listHistory(nodeId, resolution);
}
