import type { NodeFacts } from '../facts/node-facts.js';
import { isStorageLow } from '../facts/storage-step.js';
import type { NodeChange } from './fleet-event.js';

/** What is told of facts that a status or a heartbeat has changed. What a node reports for the first time is no change. */
export function changesOfFacts(before: NodeFacts, after: NodeFacts): NodeChange[] {
  const { agentVersion, osVersion, commit, supervisorState } = after;
  const changes: (NodeChange | undefined)[] = [
    changed(before.agentVersion, agentVersion, (from, to) => ({ kind: 'agent-changed', details: { from, to } })),
    changed(before.osVersion, osVersion, (from, to) => ({ kind: 'os-changed', details: { from, to } })),
    changed(before.commit, commit, (from, to) => ({ kind: 'release-changed', details: { from, to } })),
    changed(before.supervisorState, supervisorState, (from, to) => ({
      kind: 'supervisor-changed',
      details: { from, to },
    })),
    updateChange(before, after),
    storageChange(before.freeStoragePercent, after.freeStoragePercent),
  ];
  return changes.filter((change) => change !== undefined);
}

function changed<Value>(
  from: Value | undefined,
  to: Value | undefined,
  change: (from: Value, to: Value) => NodeChange,
): NodeChange | undefined {
  return from === undefined || to === undefined || from === to ? undefined : change(from, to);
}

/** The lock of a gate was reported as a failure, too, and is so for a while after a release is no longer held. */
function updateChange(before: NodeFacts, { updateState, stagedCommit }: NodeFacts): NodeChange | undefined {
  if (updateState !== 'failed' || before.updateState === 'failed' || before.updateState === 'held') return undefined;
  return { kind: 'update-failed', details: stagedCommit === undefined ? {} : { commit: stagedCommit } };
}

function storageChange(before: number | undefined, freePercent: number | undefined): NodeChange | undefined {
  if (freePercent === undefined || isStorageLow(before) === isStorageLow(freePercent)) return undefined;
  return { kind: isStorageLow(freePercent) ? 'storage-low' : 'storage-recovered', details: { freePercent } };
}
