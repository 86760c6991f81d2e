import type { EventFilter, StoreEventFilter } from '../events/event-filter.js';
import { requireRole } from './call.js';
import type { Caller } from './caller.js';
import { hasRole } from './fleet-roles.js';

/**
 * What is left of a filter for a caller's role. The scope is a matter of each event's node.
 *
 * @throws FleetError for what the role does not allow
 */
export function shownEvents(caller: Caller, { nodeId, kinds, isAudit }: EventFilter): StoreEventFilter {
  if (isAudit) requireRole({ caller }, 'operate', 'read what people did');
  return {
    nodeId,
    kinds,
    // Only admins of the whole fleet see what is about no node.
    ...(!hasRole(caller, 'unscoped-admin') && { isOfNode: true }),
    isAudit: hasRole(caller, 'operate') ? isAudit : false,
  };
}
