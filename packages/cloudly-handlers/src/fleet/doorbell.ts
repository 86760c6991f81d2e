import { createListeners } from './listeners.js';

/**
 * Carries the word that there is something for a node, between the processes on the same data. Nothing depends on it: a
 * ring that is lost costs the node the time until its next heartbeat.
 */
export interface Doorbell {
  /** Tells every process that listens. Called once the change is stored. */
  ring(this: void, nodeId: string): Promise<void>;
  /**
   * Calls `onRing` for each ring from now on, of this process and of others, until the returned function is called. It may
   * be called without reason. Without a node ID, any ring may have been lost.
   */
  listen(this: void, onRing: (nodeId?: string) => void): () => void;
  /** Whether a ring of another process is heard here. Otherwise, no node is offered to be woken. */
  isHeard(this: void): Promise<boolean>;
}

/** A doorbell for data that only one process has. */
export function createLocalDoorbell(): Doorbell {
  const listeners = createListeners<[nodeId?: string]>();
  return {
    async ring(nodeId) {
      listeners.tell(nodeId);
    },
    listen: listeners.add,
    isHeard: async () => true,
  };
}
