import { isFleetStoreError } from '../fleet/fleet-store-error.js';
import { uuid5 } from '../fleet/uuid5.js';
import type { CommandWarning } from '../operator/command-warnings.js';
import type { BulkJob, BulkResult } from '../fleet-store/bulk-job.js';
import type { Call } from './call.js';
import { changeLabels } from './change-profile.js';
import { queueCommand } from './command-node.js';
import { approve, forget, revoke, rotateToken, setUpdatesMode, unrevoke } from './decide-node.js';
import { isFleetError } from './fleet-error.js';

/** Does to one node what a job is about. Rejects only if the store fails: then it is not known what was done. */
export async function bulkNode(call: Call, job: BulkJob, nodeId: string): Promise<BulkResult> {
  try {
    const { hasChanged, but } = await act(call, job, nodeId);
    if (!hasChanged) return { nodeId, outcome: 'skipped', reason: 'It is so already' };
    return { nodeId, outcome: 'done', ...(but !== undefined && { reason: but }) };
  } catch (error) {
    if (isFleetError(error)) {
      const outcome = error.code === 'node-unknown' ? 'skipped' : 'failed';
      return {
        nodeId,
        outcome,
        reason: outcome === 'skipped' ? 'It no longer exists, or is out of scope' : error.message,
      };
    }
    if (isFleetStoreError(error) && error.code === 'contention') {
      return { nodeId, outcome: 'failed', reason: error.message };
    }
    throw error;
  }
}

interface Acted {
  /** There was something to change. */
  hasChanged: boolean;
  /** What speaks against its success. */
  but?: string | undefined;
}

async function act(call: Call, { id, action }: BulkJob, nodeId: string): Promise<Acted> {
  if (action.kind === 'label') return changeLabels(call, nodeId, action.labels);
  if (action.kind === 'set-updates') return setUpdatesMode(call, nodeId, action.updatesMode);
  if (action.kind === 'command') {
    // The same ID in every process, so that no node gets it twice.
    const { warnings } = await queueCommand(call, nodeId, action.order, await uuid5(id, nodeId));
    return { hasChanged: true, but: warnings.map((warning) => warningTexts[warning]).join('; ') || undefined };
  }
  if (action.kind !== 'forget') return decisions[action.kind](call, nodeId);
  await forget(call, nodeId);
  return { hasChanged: true };
}

const warningTexts: Record<CommandWarning, string> = {
  'not-accepted': 'It does not accept this kind of command, by its last status',
  'force-not-accepted': 'It does not accept force, by its last status',
  'node-pending': 'It waits for approval, and gets no commands until then',
  'node-revoked': 'It is revoked, and gets no commands until that is lifted',
  'clone-suspected': 'Two devices use its identity, and neither gets commands until one is chosen',
  'legacy-node': 'It is a legacy node, which gets no commands',
};

const decisions = { approve, revoke, unrevoke, 'rotate-token': rotateToken } as const;
