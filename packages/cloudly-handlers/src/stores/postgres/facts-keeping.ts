import { FACTS_VERSION } from '../../facts/node-facts.js';
import type { DerivedNode, NodeMove } from '../records/derive-node.js';
import { factColumnNames, factColumns } from '../records/fact-rows.js';
import { type NodeSources, selectSources, sourcesOf, type SourcesRow } from '../records/node-sources.js';
import type { Queries } from './database.js';
import { saveRows } from './save-rows.js';
import { statements } from './statement.js';

/** What is kept of a node, and what was derived of it; without `before`, the node is new. */
export interface NodeToKeep {
  derived: DerivedNode;
  before?: NodeSources['before'];
}

/**
 * Reads what facts are derived from, and writes what was derived: `node_fact` and `node_watch`. Whoever does so has locked the
 * rows of `presence` in a statement before, so nobody derives the facts of these nodes from something else meanwhile.
 */
export interface FactsKeeping {
  /** The status of a node is there if its facts must be derived from it again. */
  read(this: void, queries: Queries, nodeIds: readonly string[]): Promise<NodeSources[]>;
  write(this: void, queries: Queries, nodes: readonly NodeToKeep[]): Promise<void>;
  /** How nodes are heard from now on, whose facts stay as they are. */
  move(this: void, queries: Queries, moves: readonly (NodeMove & { nodeId: string })[]): Promise<void>;
  /** When to look at nodes next that are heard as before. */
  lookLater(this: void, queries: Queries, looks: readonly NodeLook[]): Promise<void>;
}

export interface NodeLook {
  nodeId: string;
  checkAtMs: number;
}

export function createFactsKeeping(schema: string): FactsKeeping {
  const facts = factStatements(schema);

  const lookLater = async (queries: Queries, looks: readonly NodeLook[]): Promise<void> => {
    await saveRows(
      queries,
      facts.watch,
      looks.map(({ nodeId, checkAtMs }) => ({ nodeId, checkAtMs })),
    );
  };

  const watch = async (queries: Queries, moves: readonly (NodeMove & { nodeId: string })[]): Promise<void> => {
    await lookLater(
      queries,
      moves.flatMap(({ nodeId, checkAtMs }) => (checkAtMs === undefined ? [] : [{ nodeId, checkAtMs }])),
    );
    const unwatched = moves.filter(({ checkAtMs }) => checkAtMs === undefined).map(({ nodeId }) => nodeId);
    if (unwatched.length > 0) await queries.query(facts.unwatch, [unwatched]);
  };

  return {
    async read(queries, nodeIds) {
      if (nodeIds.length === 0) return [];
      return (await queries.query<SourcesRow>(facts.sources, [nodeIds, FACTS_VERSION])).map(sourcesOf);
    },

    async write(queries, nodes) {
      const rows = nodes.map(({ derived: { facts: derived, move } }) => ({
        ...factColumns(derived),
        state: move?.state ?? null,
        quiet_since_ms: move?.quietSinceMs ?? null,
      }));
      await saveRows(
        queries,
        facts.add,
        rows.filter((_, index) => nodes[index]?.before === undefined),
      );
      await saveRows(
        queries,
        facts.save,
        rows.filter((_, index) => isChanged(nodes[index])),
      );
      await watch(queries, nodes.flatMap(changedMove));
    },

    async move(queries, moves) {
      await saveRows(
        queries,
        facts.move,
        moves.map(({ nodeId, state, quietSinceMs }) => ({ nodeId, state, quietSinceMs })),
      );
      await watch(queries, moves);
    },

    lookLater,
  };
}

/** Most heartbeats that change something do not change what is kept, and each of the columns may have an index. */
function isChanged(node: NodeToKeep | undefined): boolean {
  if (!node?.before) return false;
  const { derived, before } = node;
  if (before.version !== FACTS_VERSION || changedMove(node).length > 0) return true;
  return JSON.stringify(factColumns(derived.facts)) !== JSON.stringify(factColumns(before.facts));
}

function changedMove({ derived: { facts, move }, before }: NodeToKeep): (NodeMove & { nodeId: string })[] {
  return move && move.state !== before?.state ? [{ nodeId: facts.nodeId, ...move }] : [];
}

const numbers: Readonly<Record<string, string>> = {
  facts_version: 'integer',
  registered_at_ms: 'bigint',
  free_storage_percent: 'integer',
  crash_loop_at_ms: 'bigint',
  quiet_since_ms: 'bigint',
};

function factStatements(schema: string) {
  const columns = [...factColumnNames, 'state', 'quiet_since_ms'];
  const arrays = columns.map((column, index) => `$${index + 1}::${numbers[column] ?? 'text'}[]`).join(', ');
  const changes = [
    ...factColumnNames.slice(1).map((column) => `${column} = new.${column}`),
    'state = coalesce(new.state, fact.state)',
    'quiet_since_ms = coalesce(new.quiet_since_ms, fact.quiet_since_ms)',
  ];

  return statements('fact', {
    // What is known of a status is in the facts, unless another version has derived them.
    sources: `
      ${selectSources((name) => `${schema}.${name}`, 'CASE WHEN node_fact.facts_version <> $2 THEN status.status END')}
      WHERE node.node_id = ANY ($1::text[])`,
    add: `INSERT INTO ${schema}.node_fact (${columns.join(', ')}) SELECT * FROM unnest(${arrays})`,
    save: `
      UPDATE ${schema}.node_fact AS fact SET ${changes.join(', ')}
      FROM unnest(${arrays}) AS new (${columns.join(', ')}) WHERE fact.node_id = new.node_id`,
    move: `
      UPDATE ${schema}.node_fact AS fact SET state = new.state, quiet_since_ms = new.quiet_since_ms
      FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (node_id, state, quiet_since_ms)
      WHERE fact.node_id = new.node_id`,
    watch: `
      INSERT INTO ${schema}.node_watch (node_id, check_at_ms) SELECT * FROM unnest($1::text[], $2::bigint[])
      ON CONFLICT (node_id) DO UPDATE SET check_at_ms = excluded.check_at_ms`,
    unwatch: `DELETE FROM ${schema}.node_watch WHERE node_id = ANY ($1::text[])`,
  });
}
