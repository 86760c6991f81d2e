import type { AvailableSupervisor, RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { UpdateState } from './node-facts.js';

/**
 * What a node does with its target release, as far as its Supervisor tells. Behind a closed gate, a release that is pending
 * is held: the Supervisor also reports the lock of the gate as an update that failed.
 */
export function updateStateOf({ supervisor, updates }: RuntimeStatus): UpdateState | undefined {
  if (supervisor.state !== 'available') return undefined;
  const { device } = supervisor;
  if (device.updatePending && updates?.gate === 'closed') return isDownloading(device) ? 'downloading' : 'held';
  if (device.updateFailed) return isDownloading(device) ? 'downloading' : 'failed';
  if (device.updatePending) return device.updateDownloaded ? 'installing' : 'downloading';
  return isInstalling(supervisor) ? 'installing' : 'idle';
}

/** A download in progress outweighs the flag of an attempt that failed before it. */
function isDownloading({ updatePending, updateDownloaded, status }: AvailableSupervisor['device']): boolean {
  return updatePending && !updateDownloaded && status === 'Downloading';
}

/** `applying` alone also stands for a restart. */
function isInstalling({ appState, device: { status } }: AvailableSupervisor): boolean {
  return appState === 'applying' && (status === 'Installing' || status === 'Handing over');
}
