import type { FleetNode, NodeAlertKind, NodeState, UpdateState } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

/** A node of a list as an operator's program may see it: with instants in RFC 3339. */
export interface FleetNodeView {
  nodeId: string;
  name?: string;
  hostname?: string;
  uuid?: string;
  deviceType?: string;
  osVersion?: string;
  agentVersion?: string;
  supervisorState?: string;
  supervisorVersion?: string;
  appId?: number;
  commit?: string;
  stagedCommit?: string;
  updateState?: UpdateState;
  freeStoragePercent?: number;
  labels: Readonly<Record<string, string>>;
  state: NodeState;
  cloneSuspected: boolean;
  joinTokenId: string;
  registeredAt: string;
  /** Its last heartbeat, of a node that is late or offline. */
  quietSince?: string;
  lastHeartbeatAt?: string;
  /** The kinds of its alerts that are open. */
  alerts: readonly NodeAlertKind[];
}

/** What a device does not report stays out of the JSON. */
export function viewFleetNode({
  facts,
  labels,
  state,
  quietSinceMs,
  lastHeartbeatAtMs,
  alerts,
}: FleetNode): FleetNodeView {
  const {
    registeredAtMs,
    isCloneSuspected,
    crashLoopAtMs: _amongAlerts,
    isClockOff: _clockOff,
    approval: _inState,
    searchText: _searched,
    labelText: _too,
    ...reported
  } = facts;
  return {
    ...reported,
    labels,
    state,
    cloneSuspected: isCloneSuspected,
    registeredAt: instant(registeredAtMs),
    ...(quietSinceMs !== undefined && { quietSince: instant(quietSinceMs) }),
    ...(lastHeartbeatAtMs !== undefined && { lastHeartbeatAt: instant(lastHeartbeatAtMs) }),
    alerts,
  };
}
