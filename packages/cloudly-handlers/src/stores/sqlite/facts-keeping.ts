import type { NodeProfile } from '../../fleet/node-profile.js';
import { type Behalf, type Occasion } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import type { DerivedNode, NodeMove } from '../records/derive-node.js';
import { factColumnNames, type FactColumns, factColumns } from '../records/fact-rows.js';
import { type NodeSources, selectSources, sourcesOf, type SourcesRow } from '../records/node-sources.js';
import { labelRows, profileColumns } from '../records/profile-rows.js';
import type { Database, Statement } from './database.js';
import type { EventLog } from './event-log.js';

/** Keeps what is derived of nodes, within the `write` that changes them. */
export interface FactsKeeping {
  sourcesOf(this: void, nodeId: string): NodeSources | undefined;
  /** Keeps the facts, and tells the events. */
  keep(this: void, behalf: Behalf, nodeId: string, derived: DerivedNode, occasion?: Occasion): void;
  keepMove(this: void, nodeId: string, move: NodeMove): void;
  keepProfile(this: void, profile: NodeProfile): void;
}

export function createFactsKeeping({ prepare, tell }: Pick<Database, 'prepare'> & EventLog): FactsKeeping {
  const statements = factStatements(prepare);

  /** Writes what has changed alone, because nearly every column has an index. */
  const keepFacts = (after: FactColumns): void => {
    const before = statements.facts.get(after.node_id);
    if (!before) return void statements.add.run(after);
    for (const column of factColumnNames) {
      if (before[column] !== after[column]) statements.set[column].run(after[column], after.node_id);
    }
  };

  const keepMove = (nodeId: string, { state, quietSinceMs, checkAtMs }: NodeMove): void => {
    statements.move.run({ node_id: nodeId, state, quiet_since_ms: quietSinceMs });
    if (checkAtMs === undefined) statements.unwatch.run(nodeId);
    else statements.watch.run(nodeId, checkAtMs);
  };

  return {
    sourcesOf(nodeId) {
      const row = statements.sources.get(nodeId);
      return row && sourcesOf(row);
    },
    keep(behalf, nodeId, { facts, move, changes }, occasion) {
      keepFacts(factColumns(facts));
      if (move) keepMove(nodeId, move);
      tell(nodeEvents(behalf, nodeId, changes, occasion));
    },
    keepMove,
    keepProfile(profile) {
      statements.saveProfile.run({ ...profileColumns(profile) });
      statements.dropLabels.run(profile.nodeId);
      for (const row of labelRows(profile)) statements.addLabel.run({ ...row });
    },
  };
}

function factStatements(prepare: Database['prepare']) {
  return {
    sources: prepare<SourcesRow>(`${selectSources((table) => table)} WHERE node.node_id = ?`),
    facts: prepare<FactColumns>(`SELECT ${factColumnNames.join(', ')} FROM node_fact WHERE node_id = ?`),
    add: prepare(`
    INSERT INTO node_fact (${factColumnNames.join(', ')}, state, quiet_since_ms)
    VALUES (${factColumnNames.map((column) => `:${column}`).join(', ')}, 'never-seen', 0)`),
    set: Object.fromEntries(
      factColumnNames.map((column) => [column, prepare(`UPDATE node_fact SET ${column} = ? WHERE node_id = ?`)]),
    ) as Record<keyof FactColumns, Statement<unknown>>,
    // Most sweeps find a node as it was.
    move: prepare(`
    UPDATE node_fact SET state = :state, quiet_since_ms = :quiet_since_ms
    WHERE node_id = :node_id AND (state <> :state OR quiet_since_ms <> :quiet_since_ms)`),
    watch: prepare(`
    INSERT INTO node_watch (node_id, check_at_ms) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET check_at_ms = excluded.check_at_ms`),
    unwatch: prepare('DELETE FROM node_watch WHERE node_id = ?'),
    saveProfile: prepare(`
    INSERT INTO node_profile (node_id, revision, record) VALUES (:node_id, :revision, :record)
    ON CONFLICT DO UPDATE SET revision = excluded.revision, record = excluded.record`),
    dropLabels: prepare('DELETE FROM node_label WHERE node_id = ?'),
    addLabel: prepare('INSERT INTO node_label (node_id, key, value) VALUES (:node_id, :key, :value)'),
  };
}
