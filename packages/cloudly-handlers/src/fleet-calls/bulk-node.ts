import { isFleetStoreError } from '../fleet/fleet-store-error.js';
import { uuid5 } from '../fleet/uuid5.js';
import type { BulkJob, BulkResult } from '../fleet-store/bulk-job.js';
import type { Call } from './call.js';
import { changeLabels } from './change-profile.js';
import { queueCommand } from './command-node.js';
import { approve, forget, revoke, rotateToken, setUpdatesMode, unrevoke } from './decide-node.js';
import { isFleetError } from './fleet-error.js';

/** Does to one node what a job is about. Rejects only if the store fails: then it is not known what was done. */
export async function bulkNode(call: Call, job: BulkJob, nodeId: string): Promise<BulkResult> {
  try {
    const hasChanged = await act(call, job, nodeId);
    return hasChanged ? { nodeId, outcome: 'done' } : { nodeId, outcome: 'skipped', reason: 'It is so already' };
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

/** Whether there was anything to change. */
async function act(call: Call, { id, action }: BulkJob, nodeId: string): Promise<boolean> {
  if (action.kind === 'label') return (await changeLabels(call, nodeId, action.labels)).hasChanged;
  if (action.kind === 'set-updates') return (await setUpdatesMode(call, nodeId, action.updatesMode)).hasChanged;
  if (action.kind === 'forget') await forget(call, nodeId);
  // The same ID in every process, so that no node gets it twice.
  else if (action.kind === 'command') await queueCommand(call, nodeId, action.order, await uuid5(id, nodeId));
  else return (await decisions[action.kind](call, nodeId)).hasChanged;
  return true;
}

const decisions = { approve, revoke, unrevoke, 'rotate-token': rotateToken } as const;
