import { FACTS_VERSION, type NodeState } from '../../facts/node-facts.js';
import type { NodeChange } from '../../events/fleet-event.js';
import type { FleetStore, Sweep, Swept, SweptNode } from '../../fleet-store/fleet-store.js';
import { ofNodes, writtenEvent } from '../records/behalf.js';
import { deriveAnew, deriveSwept, type NodeMove, type SweptSources } from '../records/derive-node.js';
import { lastHeartbeatOf } from '../records/rows.js';
import { sweptNode } from '../records/swept-node.js';
import type { EventMover } from './event-mover.js';
import type { FactsKeeping } from './facts-keeping.js';
import { sweepStatements, type WatchedRow } from './sweep-statements.js';
import type { Telling, TellingQueries } from './telling.js';

/** So many nodes are locked at once: their reports wait as long. */
const SWEPT_AT_ONCE = 200;

/**
 * Looks at the nodes whose time has come, a batch in each transaction. It waits for no lock: nodes that another process is
 * sweeping are left to that, and those whose report is being written are looked at again.
 */
export function createSweepOperations(
  { laggingTransaction }: Telling,
  schema: string,
  { facts, mover }: { facts: FactsKeeping; mover: EventMover },
): FleetStore['sweep'] {
  const statement = sweepStatements(schema);

  const read = async (queries: TellingQueries, nodeIds: readonly string[]): Promise<WatchedNode[]> =>
    (await queries.query<WatchedRow>(statement.read, [nodeIds])).map(watchedNodeOf);

  /** Of nodes that are not heard as before, and whose rows are locked: what they are then may be something else. */
  const move = async (queries: TellingQueries, nodeIds: readonly string[], sweep: Sweep): Promise<SweptNode[]> => {
    const locked = await queries.query<{ node_id: string }>(statement.lock, [nodeIds]);
    const found = (
      await read(
        queries,
        locked.map(({ node_id }) => node_id),
      )
    ).map((node) => sweepNode(node, sweep));
    await facts.move(queries, found);
    queries.tell(
      found.flatMap(({ nodeId, changes }) =>
        changes.map((change) => writtenEvent(ofNodes, { nodeId, ...change }, { atMs: sweep.nowMs })),
      ),
    );
    return found.flatMap(({ nodeId, from, state }) => sweptNode(nodeId, from, state));
  };

  const sweepSome = (sweep: Sweep, limit: number): Promise<{ looked: number; moved: SweptNode[] }> =>
    laggingTransaction(async (queries) => {
      const due = await queries.query<{ node_id: string }>(statement.due, [sweep.nowMs, limit]);
      if (due.length === 0) return { looked: 0, moved: [] };
      const found = (
        await read(
          queries,
          due.map(({ node_id }) => node_id),
        )
      ).map((node) => sweepNode(node, sweep));
      await facts.lookLater(
        queries,
        found.flatMap(({ nodeId, from, state, checkAtMs }) =>
          from === state && checkAtMs !== undefined ? [{ nodeId, checkAtMs }] : [],
        ),
      );
      const moving = found.filter(({ from, state }) => from !== state).map(({ nodeId }) => nodeId);
      return { looked: due.length, moved: moving.length > 0 ? await move(queries, moving, sweep) : [] };
    });

  /** Resolves with whether there may be more that another version has derived. */
  const derive = (limit: number): Promise<boolean> =>
    laggingTransaction(async (queries) => {
      const locked = await queries.query<{ node_id: string }>(statement.lockOutdated, [FACTS_VERSION, limit]);
      const outdated = await facts.read(
        queries,
        locked.map(({ node_id }) => node_id),
      );
      await facts.write(
        queries,
        outdated.map((sources) => ({ derived: deriveAnew(sources), before: sources.before })),
      );
      return locked.length === limit;
    });

  return async (sweep): Promise<Swept> => {
    await mover.moveAll();
    const moved: SweptNode[] = [];
    let left = sweep.limit;
    let isMore = true;
    while (isMore && left > 0) {
      const limit = Math.min(SWEPT_AT_ONCE, left);
      const some = await sweepSome(sweep, limit);
      moved.push(...some.moved);
      left -= some.looked;
      isMore = some.looked === limit;
    }
    const isMoreToDerive = await derive(Math.min(SWEPT_AT_ONCE, sweep.limit));
    return { moved, isMore: isMore || isMoreToDerive };
  };
}

type WatchedNode = Omit<SweptSources, 'nowMs'> & { nodeId: string };

interface FoundNode extends NodeMove {
  nodeId: string;
  from: NodeState;
  changes: NodeChange[];
}

function sweepNode({ nodeId, ...sources }: WatchedNode, { nowMs, upSinceMs }: Sweep): FoundNode {
  const { move, changes } = deriveSwept({ ...sources, nowMs, upSinceMs });
  return { nodeId, from: sources.before, ...move, changes };
}

function watchedNodeOf(row: WatchedRow): WatchedNode {
  const { node_id, approved_at_ms, revoked_at_ms, last_heartbeat, state, quiet_since_ms } = row;
  return {
    nodeId: node_id,
    node: {
      ...(approved_at_ms !== null && { approvedAtMs: approved_at_ms }),
      ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
    },
    ...(last_heartbeat !== null && { last: lastHeartbeatOf(last_heartbeat) }),
    before: state as NodeState,
    quietSinceMs: quiet_since_ms,
  };
}
