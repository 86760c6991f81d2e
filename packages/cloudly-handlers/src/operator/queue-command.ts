import { limits } from '@serve.zone/baseos-contracts';
import { commandEndsAtMs } from '../fleet/command-end.js';
import type { CommandOrder } from '../fleet/command-order.js';
import type { CommandRecord } from '../fleet/command-record.js';
import type { NodeStore, StoredNode } from '../fleet/node-store.js';
import { askedOf } from '../fleet/listed-command.js';
import { commandMistake } from './command-mistake.js';
import { type CommandWarning, commandWarnings } from './command-warnings.js';
import { announce, nowOf, type OperatorOptions } from './operator-event.js';

const EXPIRES_IN_MS = 3_600_000;

export type QueueOutcome =
  | { outcome: 'queued'; command: CommandRecord; warnings: CommandWarning[] }
  /** `too-many-due`: sixteen commands of the node are due, which is as many as an answer lists. */
  | { outcome: 'node-unknown' | 'too-many-due' };

/**
 * Sends a command to a node: the answers to its heartbeats list the command while it is due. A command is executed at
 * most once, and ends in any case: `commandState` derives its state, `listCommands` of the store has all of a node.
 *
 * @throws TypeError for a command that no node could carry out; `commandMistake` says so before.
 */
export async function queueCommand(
  store: Pick<NodeStore, 'findNode' | 'findStatus' | 'addCommand' | 'doorbell'>,
  nodeId: string,
  order: CommandOrder,
  options: OperatorOptions = {},
): Promise<QueueOutcome> {
  const { expiresInMs = EXPIRES_IN_MS } = order;
  const asked = askedOf({ ...order, id: globalThis.crypto.randomUUID() });
  const mistake = commandMistake({ ...asked, expiresInMs });
  if (mistake !== undefined) throw new TypeError(mistake);

  const stored = await store.findNode(nodeId);
  if (!stored) return { outcome: 'node-unknown' };
  const queuedAtMs = nowOf(options);
  const times = { queuedAtMs, expiresAtMs: queuedAtMs + expiresInMs };
  const endsAtMs = commandEndsAtMs({ ...asked, ...times }, missedAfterMs(stored));
  const command: CommandRecord = { ...asked, ...times, endsAtMs };
  const outcome = await store.addCommand(nodeId, command, limits.commandsMax);
  if (outcome === 'command-exists') throw new TypeError(`The random ID ${command.id} is that of another command`);
  if (outcome !== 'added') return { outcome };
  await announce(store, nodeId, { kind: 'command-queued', command }, options);
  const status = await store.findStatus(nodeId);
  return { outcome: 'queued', command, warnings: commandWarnings(command, stored.node, status?.status) };
}

/** Two of its intervals, as of its last heartbeat. */
function missedAfterMs({ lastHeartbeat }: StoredNode): number {
  return lastHeartbeat ? lastHeartbeat.expectedByMs - lastHeartbeat.receivedAtMs : 0;
}
