import pg from 'pg';
import { changeOfCancelled, changeOfQueued } from '../../events/command-changes.js';
import type { FleetEventBody } from '../../events/fleet-event.js';
import type { RolloutMember } from '../../fleet-store/rollout-member.js';
import type { CommandOfNode, RolloutChange, RolloutStore } from '../../fleet-store/rollout-store.js';
import { postgresDialect } from '../lists/dialect.js';
import type { ReadRows } from '../lists/fleet-lists.js';
import { createRolloutLists } from '../lists/rollout-lists.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { OldReadingError } from '../records/old-reading-error.js';
import { isVisibleRollout } from '../records/rollout-rules.js';
import { memberColumns, rolloutColumns } from '../records/rollout-rows.js';
import { commandColumns, commandOf, type CommandRow } from '../records/rows.js';
import { scopeValue } from './in-scope.js';
import { rolloutStatements } from './rollout-statements.js';
import { saveRows } from './save-rows.js';
import type { Statement } from './statement.js';
import type { Telling, TellingQueries } from './telling.js';

export function createRolloutOperations({ query, transaction }: Telling, schema: string) {
  const statement = rolloutStatements(schema);
  const readRows: ReadRows = (text, values) => query({ text }, values);
  const listsOf = createRolloutLists(postgresDialect(schema), { readRows, readAside: readRows });

  return (behalf: Behalf): RolloutStore => {
    const nowMs = instantOf(behalf);
    const scope = scopeValue(behalf.scope);

    const keepRollout = async ({ query: run }: TellingQueries, change: RolloutChange): Promise<void> => {
      const { rollout, isUnsettled } = change;
      const values = Object.values(rolloutColumns({ ...rollout, revision: rollout.revision + 1 }, isUnsettled));
      const actor = behalf.scope ? (behalf.actor ?? null) : null;
      const kept =
        rollout.revision === 0 ? await run(statement.add, values) : await run(statement.change, [...values, actor]);
      if (kept.length === 0) throw new OldReadingError();
    };

    const requireVisible = async ({ query: run }: TellingQueries, change: RolloutChange): Promise<void> => {
      if (!behalf.scope) return;
      const { members, offered, withdrawn, cancelled } = change;
      const nodeIds = new Set([...members, ...offered, ...withdrawn, ...cancelled].map(({ nodeId }) => nodeId));
      const [row] = await run<{ visible_count: number }>(statement.countVisible, [[...nodeIds], scope]);
      if (row?.visible_count !== nodeIds.size) throw new OldReadingError();
    };

    const keepMembers = async (queries: TellingQueries, change: RolloutChange): Promise<void> => {
      const { rollout, members, added = [] } = change;
      const rowsOf = (kept: readonly RolloutMember[]) => kept.map((member) => memberColumns(rollout.id, member));
      if (change.isCleared) await queries.query(statement.clear, [rollout.id]);
      await saveRows(queries, statement.addMembers, rowsOf(added));
      await saveRows(queries, statement.saveMembers, rowsOf(members));
      if (change.isReleased) await queries.query(statement.release, [rollout.id]);
    };

    /** Resolves with how many it has cancelled. */
    const cancel = async (
      queries: TellingQueries,
      which: Statement,
      commands: readonly CommandOfNode[],
    ): Promise<number> => {
      if (commands.length === 0) return 0;
      const values = [...idsOf(commands), nowMs];
      const rows = await queries.query<CommandRow & { node_id: string }>(which, values);
      const cancelled = new Map(rows.map((row) => [row.node_id, commandOf(row)]));
      for (const { nodeId } of commands) {
        const command = cancelled.get(nodeId);
        if (command) queries.tell([writtenEvent(behalf, { nodeId, ...changeOfCancelled(command) })]);
      }
      return rows.length;
    };

    const keepCommands = async (queries: TellingQueries, change: RolloutChange): Promise<void> => {
      const { offered, withdrawn, cancelled } = change;
      const rows = offered.map(({ nodeId, command }) => commandColumns(nodeId, command));
      const added = await saveRows(queries, statement.offer, rows);
      if (added.length < offered.length) throw new OldReadingError();
      for (const { nodeId, command } of offered) {
        queries.tell([writtenEvent(behalf, { nodeId, ...changeOfQueued(command) })]);
      }
      const withdrawnCount = await cancel(queries, statement.withdraw, withdrawn);
      if (withdrawnCount < withdrawn.length) throw new OldReadingError();
      await cancel(queries, statement.cancel, cancelled);
    };

    const keep = async (queries: TellingQueries, change: RolloutChange): Promise<void> => {
      await keepRollout(queries, change);
      await requireVisible(queries, change);
      if (change.offered.length > 0) {
        const nodeIds = change.offered.map(({ nodeId }) => nodeId);
        const locked = await queries.query(statement.lockNodes, [nodeIds]);
        if (locked.length < nodeIds.length) throw new OldReadingError();
      }
      await keepMembers(queries, change);
      queries.tell(change.events.map((body: FleetEventBody) => writtenEvent(behalf, body)));
      await keepCommands(queries, change);
    };

    return {
      ...listsOf(behalf),
      async changeRollout(change) {
        if (!isVisibleRollout(behalf, change.rollout)) return false;
        try {
          await transaction((queries) => keep(queries, change));
          return true;
        } catch (error) {
          if (error instanceof OldReadingError || isHeldElsewhere(error)) return false;
          throw error;
        }
      },
    };
  };
}

/** Another rollout holds a node: the index has found it, because that may be decided at the same time. */
function isHeldElsewhere(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'rollout_node_holding';
}

function idsOf(commands: readonly CommandOfNode[]): [nodeIds: string[], commandIds: string[]] {
  return [commands.map(({ nodeId }) => nodeId), commands.map(({ commandId }) => commandId)];
}
