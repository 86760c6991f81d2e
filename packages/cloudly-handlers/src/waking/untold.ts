import { limits } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from '../fleet/command-record.js';
import type { NodeStore, StoredNode } from '../fleet/node-store.js';
import { isRotationDue } from '../fleet/node-transition.js';

/** More than a node has under way. */
const COMMANDS_READ = 100;

/**
 * Whether there is something that no answer to this node has told: a command that was queued or cancelled, a mode for
 * updates, a new token. What was told and is still due is not news, because the node would be woken for it again and again.
 */
export async function findUntold(
  store: Pick<NodeStore, 'listCommands'>,
  stored: StoredNode,
  asked: { tokenHash: string; nowMs: number },
): Promise<boolean> {
  if (isSettingUntold(stored, asked)) return true;
  const { node, commandsUntilMs = 0 } = stored;
  if (asked.nowMs >= commandsUntilMs) return false;
  return isCommandUntold(await store.listCommands(node.nodeId, COMMANDS_READ), stored, asked.nowMs);
}

/** Of the record of the node alone. */
function isSettingUntold(
  { node, lastHeartbeat }: StoredNode,
  { tokenHash, nowMs }: { tokenHash: string; nowMs: number },
): boolean {
  const { updatesModeSetAtMs, rotationDemandedAtMs } = node;
  if (updatesModeSetAtMs !== undefined && updatesModeSetAtMs >= toldAtMs(lastHeartbeat)) return true;
  return rotationDemandedAtMs !== undefined && isRotationDue(node, tokenHash, nowMs, Number.POSITIVE_INFINITY);
}

function isCommandUntold(
  commands: readonly CommandRecord[],
  { lastHeartbeat }: Pick<StoredNode, 'lastHeartbeat'>,
  nowMs: number,
): boolean {
  const open = commands.filter(({ result, expiresAtMs }) => !result && nowMs < expiresAtMs);
  const due = open.filter(({ cancelledAtMs }) => cancelledAtMs === undefined);
  const listed = due.filter(({ listedAtMs }) => listedAtMs !== undefined);
  // The others follow as those that an answer lists get results.
  if (listed.length < due.length && listed.length < limits.commandsMax) return true;
  return open.some(
    ({ cancelledAtMs, listedAtMs }) =>
      cancelledAtMs !== undefined && listedAtMs !== undefined && cancelledAtMs >= toldAtMs(lastHeartbeat),
  );
}

function toldAtMs(lastHeartbeat: StoredNode['lastHeartbeat']): number {
  return lastHeartbeat?.receivedAtMs ?? Number.NEGATIVE_INFINITY;
}
