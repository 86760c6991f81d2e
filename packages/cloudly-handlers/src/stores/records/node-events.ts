import type { NodeChange, WrittenEvent } from '../../events/fleet-event.js';
import { type Behalf, type Occasion, writtenEvent } from './behalf.js';

/** What is told of changes of a node. */
export function nodeEvents(
  behalf: Behalf,
  nodeId: string,
  changes: readonly NodeChange[],
  occasion?: Occasion,
): WrittenEvent[] {
  return changes.map((change) => writtenEvent(behalf, { nodeId, ...change }, occasion));
}
