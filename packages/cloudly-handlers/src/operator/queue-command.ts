import { limits } from '@serve.zone/baseos-contracts';
import { canonicalJson } from '../fleet/canonical-json.js';
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
  /**
   * - `too-many-due`: sixteen commands of the node are due, which is as many as an answer lists.
   * - `command-exists`: the node has another command with the `commandId`.
   */
  | { outcome: 'node-unknown' | 'too-many-due' | 'command-exists' };

export interface QueueOptions extends OperatorOptions {
  /** A UUID of your choice: the same command with the same ID again is the same command. @default a random one */
  commandId?: string | undefined;
}

/**
 * Sends a command to a node: the answers to its heartbeats list the command while it is due. A command is executed at
 * most once, and ends in any case: `commandState` derives its state, `listCommands` of the store has all of a node.
 *
 * @throws TypeError for a command that no node could carry out; `commandMistake` says so before.
 */
export async function queueCommand(
  store: Pick<NodeStore, 'findNode' | 'findStatus' | 'addCommand' | 'findCommand' | 'doorbell'>,
  nodeId: string,
  order: CommandOrder,
  options: QueueOptions = {},
): Promise<QueueOutcome> {
  const { expiresInMs = EXPIRES_IN_MS } = order;
  const mistake = orderMistake(order);
  if (mistake !== undefined) throw new TypeError(mistake);
  const asked = askedOf({ ...order, id: options.commandId ?? globalThis.crypto.randomUUID() });

  const stored = await store.findNode(nodeId);
  if (!stored) return { outcome: 'node-unknown' };
  const queuedAtMs = nowOf(options);
  const times = { queuedAtMs, expiresAtMs: queuedAtMs + expiresInMs };
  const endsAtMs = commandEndsAtMs({ ...asked, ...times }, missedAfterMs(stored));
  const command: CommandRecord = { ...asked, ...times, endsAtMs };
  const outcome = await store.addCommand(nodeId, command, limits.commandsMax);
  if (outcome === 'node-unknown' || outcome === 'too-many-due') return { outcome };
  const kept = outcome === 'added' ? command : await findSame(store, nodeId, command);
  if (!kept) return { outcome: 'command-exists' };
  if (outcome === 'added') await announce(store, nodeId, { kind: 'command-queued', command }, options);
  const status = await store.findStatus(nodeId);
  return { outcome: 'queued', command: kept, warnings: commandWarnings(kept, stored.node, status?.status) };
}

/** Why no node could carry the order out, in a sentence for a person; `undefined` if there is no mistake in it. */
export function orderMistake({ expiresInMs = EXPIRES_IN_MS, ...asked }: CommandOrder): string | undefined {
  return commandMistake({ ...askedOf({ ...asked, id: ANY_ID }), expiresInMs });
}

const ANY_ID = '00000000-0000-4000-8000-000000000000';

/** The command with this ID, if it is the same one. */
async function findSame(
  store: Pick<NodeStore, 'findCommand'>,
  nodeId: string,
  command: CommandRecord,
): Promise<CommandRecord | undefined> {
  const known = await store.findCommand(nodeId, command.id);
  return known && canonicalJson(askedOf(known)) === canonicalJson(askedOf(command)) ? known : undefined;
}

/** Two of its intervals, as of its last heartbeat. */
function missedAfterMs({ lastHeartbeat }: StoredNode): number {
  return lastHeartbeat ? lastHeartbeat.expectedByMs - lastHeartbeat.receivedAtMs : 0;
}
