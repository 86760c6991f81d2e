import type { CommandRecord } from '../fleet/command-record.js';
import type { NodeStore } from '../fleet/node-store.js';
import type { UpdatesMode } from '../fleet/node-record.js';
import { runtime } from '../fleet/runtime.js';

/** What an operator has changed for a node, and the node should hear of. Contains no secret. */
export type OperatorEvent = { atMs: number; nodeId: string } & OperatorChange;

export type OperatorChange =
  | CommandQueued
  | CommandCancelled
  | { kind: 'node-approved' }
  | { kind: 'node-token-rotation-demanded' }
  | { kind: 'updates-mode-set'; updatesMode: UpdatesMode };

export interface CommandQueued {
  kind: 'command-queued';
  command: CommandRecord;
}

export interface CommandCancelled {
  kind: 'command-cancelled';
  command: CommandRecord;
}

export interface OperatorOptions {
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** Called once the change is stored. */
  onEvent?: ((event: OperatorEvent) => void) | undefined;
}

/** What a store needs so that a node hears of its changes. */
export type Rings = Pick<NodeStore, 'doorbell'>;

/** Every change that a node should hear of soon is announced here, once it is stored. */
export async function announce(
  { doorbell }: Rings,
  nodeId: string,
  change: OperatorChange,
  options: OperatorOptions,
): Promise<void> {
  options.onEvent?.({ atMs: nowOf(options), nodeId, ...change });
  try {
    await doorbell?.ring(nodeId);
  } catch {
    // The change is stored, and the node hears of it with its next heartbeat.
  }
}

export function nowOf({ now }: OperatorOptions): number {
  return (now ?? runtime.now)();
}
