import type { CommandRecord } from '../fleet/command-record.js';
import { commandState, hasBegun, isCommandOver } from '../fleet/command-state.js';
import type { NodeStore } from '../fleet/node-store.js';
import { announce, nowOf, type OperatorOptions } from './operator-event.js';

export type CancelOutcome =
  /**
   * - `cancelled`: it was never sent to the node.
   * - `withdrawn`: it was sent to the node, which has not reported that it has begun. If it has, its result counts.
   * - `already-begun`: the node is carrying it out, and continues. Only if it goes back to waiting is it cancelled.
   * - `too-late`: it has expired and nothing has changed, but the node may have begun it in time.
   * - `already-over`: it has ended, and nothing has changed.
   */
  | { outcome: 'cancelled' | 'withdrawn' | 'already-begun' | 'too-late' | 'already-over'; command: CommandRecord }
  | { outcome: 'command-unknown' };

/** Cancels a command: no answer lists it any longer. A node that has begun it continues. */
export async function cancelCommand(
  store: Pick<NodeStore, 'findCommand' | 'cancelCommand' | 'doorbell'>,
  nodeId: string,
  commandId: string,
  options: OperatorOptions = {},
): Promise<CancelOutcome> {
  const before = await store.findCommand(nodeId, commandId);
  if (!before) return { outcome: 'command-unknown' };
  const nowMs = nowOf(options);
  if (isCommandOver(commandState(before, nowMs))) return { outcome: 'already-over', command: before };
  if (nowMs >= before.expiresAtMs) return { outcome: 'too-late', command: before };
  const command = await store.cancelCommand(nodeId, commandId, nowMs);
  if (!command) return { outcome: 'command-unknown' };
  if (command.result) return { outcome: 'already-over', command };
  await announce(store, nodeId, { kind: 'command-cancelled', command }, options);
  if (command.running && hasBegun(command.running)) return { outcome: 'already-begun', command };
  return { outcome: command.listedAtMs === undefined ? 'cancelled' : 'withdrawn', command };
}
