import { changeOfCancelled, changeOfQueued } from '../../events/command-changes.js';
import type { FleetEventBody } from '../../events/fleet-event.js';
import type { RolloutMember } from '../../fleet-store/rollout-member.js';
import type { RolloutChange, RolloutStore } from '../../fleet-store/rollout-store.js';
import { sqliteDialect } from '../lists/dialect.js';
import { createRolloutLists } from '../lists/rollout-lists.js';
import type { SqlValue } from '../lists/sql.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { OldReadingError } from '../records/old-reading-error.js';
import { isVisibleRollout } from '../records/rollout-rules.js';
import { memberColumnNames, memberColumns, rolloutColumns } from '../records/rollout-rows.js';
import { commandColumns, commandOf, type CommandRow, commandRowColumns } from '../records/rows.js';
import { commandStatements } from './command-statements.js';
import type { Database } from './database.js';
import type { FleetDatabase } from './fleet-database.js';

export function createRolloutOperations(database: FleetDatabase) {
  const { prepare, read, readAside, isVisible, write, tell } = database;
  const command = commandStatements(prepare);
  const rollout = rolloutStatements(prepare);
  const member = memberStatements(prepare);
  const readRows = <Row>(text: string, values: readonly SqlValue[]) => read(() => prepare<Row>(text).all(...values));
  const listsOf = createRolloutLists(sqliteDialect, { readRows, readAside });

  return (behalf: Behalf): RolloutStore => {
    const nowMs = instantOf(behalf);
    const told = (body: FleetEventBody) => tell([writtenEvent(behalf, body)]);

    const keepRollout = ({ rollout: kept, isUnsettled }: RolloutChange): void => {
      const before = rollout.find.get(kept.id);
      if ((before?.revision ?? 0) !== kept.revision) throw new OldReadingError();
      if (before && !isVisibleRollout(behalf, { createdBy: before.actor as RolloutActor })) throw new OldReadingError();
      rollout.save.run(rolloutColumns({ ...kept, revision: kept.revision + 1 }, isUnsettled));
    };

    const keepMember = (rolloutId: string, kept: RolloutMember): void => {
      if (kept.isHolding && member.otherHolder.get(kept.nodeId, rolloutId)) throw new OldReadingError();
      member.save.run(memberColumns(rolloutId, kept));
    };

    const keepMembers = (change: RolloutChange): void => {
      const { id } = change.rollout;
      if (change.isCleared) member.clear.run(id);
      for (const added of change.added ?? []) member.add.run(memberColumns(id, added));
      for (const kept of change.members) keepMember(id, kept);
      if (change.isReleased) member.release.run(id);
    };

    const keepCommands = ({ offered, withdrawn, cancelled }: RolloutChange): void => {
      for (const { nodeId, command: record } of offered) {
        const isKnown = command.isNodeKnown.get(nodeId) !== undefined;
        if (!isKnown || command.find.get(nodeId, record.id)) throw new OldReadingError();
        command.insert.run(commandColumns(nodeId, record));
        told({ nodeId, ...changeOfQueued(record) });
      }
      for (const { nodeId, commandId } of withdrawn) {
        const row = member.withdraw.get(nowMs, nodeId, commandId);
        if (!row) throw new OldReadingError();
        told({ nodeId, ...changeOfCancelled(commandOf(row)) });
      }
      for (const { nodeId, commandId } of cancelled) {
        const row = member.cancel.get(nowMs, nodeId, commandId);
        if (row) told({ nodeId, ...changeOfCancelled(commandOf(row)) });
      }
    };

    const keep = (change: RolloutChange): void => {
      const { members, offered, withdrawn, cancelled } = change;
      keepRollout(change);
      const named = [...members, ...offered, ...withdrawn, ...cancelled];
      if (!named.every(({ nodeId }) => isVisible(behalf, nodeId))) throw new OldReadingError();
      keepMembers(change);
      for (const body of change.events) told(body);
      keepCommands(change);
    };

    return {
      ...listsOf(behalf),
      async changeRollout(change) {
        if (!isVisibleRollout(behalf, change.rollout)) return false;
        try {
          await write(() => keep(change));
          return true;
        } catch (error) {
          if (error instanceof OldReadingError) return false;
          throw error;
        }
      },
    };
  };
}

type RolloutActor = RolloutChange['rollout']['createdBy'];

function rolloutStatements(prepare: Database['prepare']) {
  return {
    find: prepare<{ revision: number; actor: string }>('SELECT revision, actor FROM rollout WHERE id = ?'),
    save: prepare(`
    INSERT INTO rollout VALUES (
      :id, :revision, :state, :is_unsettled, :actor, :created_at_ms, :ended_at_ms, :record
    ) ON CONFLICT (id) DO UPDATE SET
      revision = excluded.revision, state = excluded.state, is_unsettled = excluded.is_unsettled, actor = excluded.actor,
      created_at_ms = excluded.created_at_ms, ended_at_ms = excluded.ended_at_ms, record = excluded.record`),
  };
}

function memberStatements(prepare: Database['prepare']) {
  const insert = `
    INSERT INTO rollout_node (${memberColumnNames.join(', ')})
    VALUES (${memberColumnNames.map((name) => `:${name}`).join(', ')})
    ON CONFLICT (rollout_id, node_id)`;
  const changed = memberColumnNames.map((name) => `${name} = excluded.${name}`).join(', ');

  return {
    clear: prepare('DELETE FROM rollout_node WHERE rollout_id = ?'),
    add: prepare(`${insert} DO NOTHING`),
    save: prepare(`${insert} DO UPDATE SET ${changed}`),
    otherHolder: prepare('SELECT 1 FROM rollout_node WHERE node_id = ? AND is_holding AND rollout_id <> ?'),
    release: prepare(`
    UPDATE rollout_node SET is_holding = 0 WHERE rollout_id = ? AND state NOT IN ('offered', 'running') AND is_holding`),
    withdraw: prepare<CommandRow>(`
    UPDATE command SET cancelled_at_ms = ?
    WHERE node_id = ? AND id = ? AND listed_at_ms IS NULL AND ended_at_ms IS NULL AND cancelled_at_ms IS NULL
    AND result IS NULL RETURNING ${commandRowColumns}`),
    cancel: prepare<CommandRow>(`
    UPDATE command SET cancelled_at_ms = ?
    WHERE node_id = ? AND id = ? AND cancelled_at_ms IS NULL AND result IS NULL RETURNING ${commandRowColumns}`),
  };
}
