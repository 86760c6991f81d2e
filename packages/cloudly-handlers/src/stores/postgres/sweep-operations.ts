import { FACTS_VERSION } from '../../facts/node-facts.js';
import type { FleetStore, Sweep, Swept, SweptNode } from '../../fleet-store/fleet-store.js';
import { ofNodes } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import { deriveAnew } from '../records/derive-node.js';
import { type FoundNode, sweepNode, sweptNode, type WatchedRow } from '../records/swept-node.js';
import type { EventMover } from './event-mover.js';
import type { FactsKeeping } from './facts-keeping.js';
import { sweepStatements } from './sweep-statements.js';
import type { Telling, TellingQueries } from './telling.js';

/** So many nodes are locked at once: their reports wait as long. */
const SWEPT_AT_ONCE = 200;

interface IdRow {
  node_id: string;
}

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

  const find = async (queries: TellingQueries, nodes: readonly IdRow[], sweep: Sweep): Promise<FoundNode[]> =>
    (await queries.query<WatchedRow>(statement.read, [nodes.map(({ node_id }) => node_id)])).map((row) =>
      sweepNode(row, sweep),
    );

  /** Of nodes that are not heard as before, and whose rows are locked: what they are then may be something else. */
  const move = async (queries: TellingQueries, nodeIds: readonly string[], sweep: Sweep): Promise<SweptNode[]> => {
    const locked = await queries.query<IdRow>(statement.lock, [nodeIds]);
    const found = await find(queries, locked, sweep);
    await facts.move(queries, found);
    queries.tell(found.flatMap(({ nodeId, changes }) => nodeEvents(ofNodes, nodeId, changes, { atMs: sweep.nowMs })));
    return found.flatMap(({ nodeId, from, state }) => sweptNode(nodeId, from, state));
  };

  const sweepSome = (sweep: Sweep, limit: number): Promise<{ looked: number; moved: SweptNode[] }> =>
    laggingTransaction(async (queries) => {
      const due = await queries.query<IdRow>(statement.due, [sweep.nowMs, limit]);
      if (due.length === 0) return { looked: 0, moved: [] };
      const found = await find(queries, due, sweep);
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
      const locked = await queries.query<IdRow>(statement.lockOutdated, [FACTS_VERSION, limit]);
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
