import { type CommandRow, commandRowColumns as columns } from '../records/rows.js';
import type { Database } from './database.js';

export function commandStatements(prepare: Database['prepare']) {
  return {
    isNodeKnown: prepare('SELECT 1 FROM node WHERE node_id = ?'),
    find: prepare<CommandRow>(`SELECT ${columns} FROM command WHERE node_id = ? AND id = ?`),
    insert: prepare(`
    INSERT INTO command (
      node_id, id, queued_at_ms, expires_at_ms, ends_at_ms, listed_at_ms, running, cancelled_at_ms, ended_at_ms, result,
      record
    ) VALUES (
      :node_id, :id, :queued_at_ms, :expires_at_ms, :ends_at_ms, :listed_at_ms, :running, :cancelled_at_ms, :ended_at_ms,
      :result, :record
    )`),
    cancel: prepare<CommandRow>(
      `UPDATE command SET cancelled_at_ms = ? WHERE node_id = ? AND id = ? RETURNING ${columns}`,
    ),
    due: prepare<CommandRow>(`
    SELECT ${columns} FROM command
    WHERE node_id = ? AND expires_at_ms > ? AND cancelled_at_ms IS NULL AND ended_at_ms IS NULL AND result IS NULL
    ORDER BY queued_at_ms, position LIMIT ?`),
    list: prepare('UPDATE command SET listed_at_ms = coalesce(listed_at_ms, ?) WHERE node_id = ? AND id = ?'),
    progress: prepare<CommandRow>(`
    UPDATE command SET running = ?, listed_at_ms = coalesce(listed_at_ms, ?)
    WHERE node_id = ? AND id = ? AND result IS NULL RETURNING ${columns}`),
    // As the index command_end has it.
    timeUp: prepare<{ position: number }>(`
    SELECT position FROM command
    WHERE CASE WHEN listed_at_ms IS NULL THEN expires_at_ms ELSE ends_at_ms END <= ?
    AND result IS NULL AND ended_at_ms IS NULL LIMIT ?`),
    end: prepare<CommandRow & { node_id: string }>(
      `UPDATE command SET ended_at_ms = ? WHERE position = ? RETURNING node_id, ${columns}`,
    ),
    finish: prepare<CommandRow>(
      `UPDATE command SET result = ? WHERE node_id = ? AND id = ? AND result IS NULL RETURNING ${columns}`,
    ),
    newest: prepare<CommandRow>(`
    SELECT ${columns} FROM command WHERE node_id = ? ORDER BY queued_at_ms DESC, position DESC LIMIT ?`),
  };
}
