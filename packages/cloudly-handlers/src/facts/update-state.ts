import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { UpdateState } from './node-facts.js';

/**
 * What a node does with its target release, as far as its Supervisor tells. It reports every lock as an update that failed, also
 * that of a gate, until the update is through: behind a gate, that says nothing but that everything is there.
 */
export function updateStateOf({ supervisor, updates }: RuntimeStatus): UpdateState | undefined {
  if (supervisor.state !== 'available') return undefined;
  const { updatePending, updateFailed, updateDownloaded } = supervisor.device;
  // `appState` says nothing more: without an update that is pending, `applying` stands for a restart.
  if (!updatePending) return updateFailed ? 'failed' : 'idle';
  if (updates?.gate === 'closed') {
    return updateDownloaded || updateFailed || updates.staged !== undefined ? 'held' : 'downloading';
  }
  if (updateFailed && updates?.gate !== 'open') return 'failed';
  return updateDownloaded ? 'installing' : 'downloading';
}
