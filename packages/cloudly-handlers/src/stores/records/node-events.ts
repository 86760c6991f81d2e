import type { NodeChange } from '../../events/fleet-event.js';
import type { WrittenEvent } from '../../fleet-store/fleet-store.js';
import { type Behalf, writtenEvent } from './behalf.js';

/** What is told of a change of a node: by the node itself, unless an operator asked for it. */
export function nodeEvents(
  behalf: Behalf,
  nodeId: string,
  changes: readonly NodeChange[],
  atMs?: number,
): WrittenEvent[] {
  return changes.map((change) => writtenEvent(behalf, { nodeId, ...change }, { atMs, askingNodeId: nodeId }));
}
