import type { NodeAlertKind } from '../alerts/alert-kinds.js';
import type { NodeFacts, NodeState } from '../facts/node-facts.js';

/** A node in a list. */
export interface FleetNode {
  facts: NodeFacts;
  labels: Readonly<Record<string, string>>;
  state: NodeState;
  /** Its last heartbeat, of a node that is late or offline; absent while it is online or if it was never seen. */
  quietSinceMs?: number;
  /** Its last heartbeat, of the moment. */
  lastHeartbeatAtMs?: number;
  /** The kinds of its alerts that are open, snoozed or not, in the order of their names. */
  alerts: readonly NodeAlertKind[];
}
