import type { FleetEvent, FleetEventKind } from './fleet-event.js';
import { isAuditEvent } from './audit.js';

export interface EventFilter {
  nodeId?: string | undefined;
  kinds?: readonly FleetEventKind[] | undefined;
  /** `true`: only those by people and of what concerns security (`isAuditEvent`); `false`: only the others. */
  isAudit?: boolean | undefined;
}

/** What a store filters by. */
export interface StoreEventFilter extends EventFilter {
  /** Only those about a node, and not those about the fleet as a whole. */
  isOfNode?: true | undefined;
}

export function passesFilter(event: FleetEvent, { nodeId, kinds, isAudit, isOfNode }: StoreEventFilter): boolean {
  return (
    (isOfNode !== true || event.nodeId !== undefined) &&
    (nodeId === undefined || event.nodeId === nodeId) &&
    (kinds?.includes(event.kind) ?? true) &&
    (isAudit === undefined || isAuditEvent(event) === isAudit)
  );
}
