import type { FleetEvent, FleetEventKind } from './fleet-event.js';
import { isAuditEvent } from './audit.js';

export interface EventFilter {
  nodeId?: string | undefined;
  kinds?: readonly FleetEventKind[] | undefined;
  /** `true`: only those by people and of what concerns security (`isAuditEvent`); `false`: only the others. */
  isAudit?: boolean | undefined;
}

export function passesFilter(event: FleetEvent, { nodeId, kinds, isAudit }: EventFilter): boolean {
  return (
    (nodeId === undefined || event.nodeId === nodeId) &&
    (kinds?.includes(event.kind) ?? true) &&
    (isAudit === undefined || isAuditEvent(event) === isAudit)
  );
}
