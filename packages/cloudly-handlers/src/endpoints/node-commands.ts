import { type DesiredState, type HeartbeatRequest, limits, type RunningCommand } from '@serve.zone/baseos-contracts';
import type { CommandProgress } from '../fleet/command-record.js';
import { commandState } from '../fleet/command-state.js';
import type { StoredNode } from '../fleet/node-store.js';
import type { HandlerContext } from '../context/handler-context.js';
import { listedCommand } from '../fleet/listed-command.js';

/** Notes what the node is doing with its command, unless its last heartbeat already said the same. */
export async function noteProgress(
  { nodeId, runningCommand }: HeartbeatRequest,
  { lastHeartbeat, commandsUntilMs }: StoredNode,
  { store, now, emit }: HandlerContext,
): Promise<void> {
  if (!runningCommand || commandsUntilMs === undefined) return;
  if (isSame(runningCommand, lastHeartbeat?.runningCommand)) return;
  const saved = await store.saveProgress(nodeId, runningCommand.id, progressOf(runningCommand, now()));
  if (!saved || saved.before?.phase === runningCommand.phase) return;
  const { command, before } = saved;
  emit({ kind: 'command-phase-changed', nodeId, command, ...(before && { phaseBefore: before.phase }) });
}

function isSame(one: RunningCommand, other: RunningCommand | undefined): boolean {
  return (
    one.id === other?.id &&
    one.phase === other.phase &&
    one.reason === other.reason &&
    one.progressPercent === other.progressPercent
  );
}

function progressOf({ phase, reason, sinceMs = 0, progressPercent }: RunningCommand, nowMs: number): CommandProgress {
  return {
    phase,
    ...(reason !== undefined && { reason }),
    ...(progressPercent !== undefined && { progressPercent }),
    phaseBeganAtMs: nowMs - sinceMs,
    reportedAtMs: nowMs,
  };
}

/** The results count as delivered with the 200, so those of a late heartbeat are accepted, too. */
export async function takeResults(
  { nodeId, commandResults = [] }: HeartbeatRequest,
  { store, now, emit }: HandlerContext,
): Promise<void> {
  if (commandResults.length === 0) return;
  const nowMs = now();
  const finished = await store.saveCommandResults(nodeId, commandResults, nowMs);
  for (const command of finished) {
    const { result: _arrived, ...before } = command;
    emit({ kind: 'command-finished', nodeId, command, stateBefore: commandState(before, nowMs) });
  }
}

/**
 * Complete if the node may know a command or a setting, so that it also learns that there is no longer one. A setting of
 * Cloudly is in each of them.
 */
export async function desiredStateOf(
  { node, commandsUntilMs }: StoredNode,
  { store, now, emit }: HandlerContext,
): Promise<DesiredState | undefined> {
  const { nodeId, updatesMode } = node;
  if (commandsUntilMs === undefined && updatesMode === undefined) return undefined;
  const nowMs = now();
  const isDue = commandsUntilMs !== undefined && nowMs < commandsUntilMs;
  const due = isDue ? await store.offerCommands(nodeId, nowMs, limits.commandsMax) : [];
  for (const command of due) {
    if (command.listedAtMs === nowMs) emit({ kind: 'command-listed', nodeId, command });
  }
  return {
    ...(updatesMode !== undefined && { settings: { updates: updatesMode } }),
    commands: due.map((command) => listedCommand(command, nowMs)),
  };
}
