import type { EventFilter } from '../events/event-filter.js';
import { nodeEventKinds } from '../events/node-event-kinds.js';
import type { Caller } from './caller.js';
import { hasRole } from './fleet-roles.js';

/** What is left of a filter for a caller's role. The scope is a matter of each event's node. */
export function shownEvents(caller: Caller, { nodeId, kinds, isAudit }: EventFilter): EventFilter {
  // Only admins of the whole fleet see what is about no node.
  const isEverything = hasRole(caller, 'unscoped-admin');
  const ofNodes = kinds ? kinds.filter((kind) => nodeEventKinds.includes(kind)) : nodeEventKinds;
  return { nodeId, kinds: isEverything ? kinds : ofNodes, isAudit: hasRole(caller, 'operate') ? isAudit : false };
}
