import { mostUrgent, type NodeAlertKind, nodeAlertKinds } from '../../alerts/alert-kinds.js';
import type { WrittenEvent } from '../../events/fleet-event.js';
import type { JudgedGroups } from '../../alert-keeping/judge-groups.js';
import type { JudgedNode, NodeToJudge } from '../../alert-keeping/judge-node.js';
import type { KeptAlert } from '../../alert-keeping/kept-alert.js';
import { ofNodes, writtenEvent } from './behalf.js';
import { nodeEvents } from './node-events.js';

/** What a store writes once alerts were judged. */
export interface AlertChanges {
  saved: KeptAlert[];
  droppedIds: string[];
  /** The alerts of nodes that are part of these are due at once. */
  dissolvedIds: string[];
  /** Nodes that were judged by their conditions of now. */
  noted: NotedNode[];
  /** Other nodes. */
  joined: NotedNode[];
  told: WrittenEvent[];
}

export interface NotedNode {
  nodeId: string;
  open: readonly NodeAlertKind[];
  urgencyRank: number;
}

export function alertChanges(
  nodes: readonly NodeToJudge[],
  judged: readonly JudgedNode[],
  groups: JudgedGroups,
  nowMs: number,
): AlertChanges {
  const before = new Map(nodes.flatMap(({ alerts }) => alerts.map((alert) => [alert.id, JSON.stringify(alert)])));
  const after = judged.flatMap(({ alerts }) => alerts);
  const afterIds = new Set(after.map(({ id }) => id));
  const isChanged = (alert: KeptAlert): boolean => before.get(alert.id) !== JSON.stringify(alert);
  const at = { atMs: nowMs };
  return {
    saved: [...after.filter(isChanged), ...groups.joined.map(({ alert }) => alert), ...groups.alerts],
    droppedIds: [...[...before.keys()].filter((id) => !afterIds.has(id)), ...groups.dissolved],
    dissolvedIds: groups.dissolved,
    noted: judged.map(({ nodeId, alerts }) => {
      const open = alerts.filter(({ course }) => course.openedAtMs !== undefined);
      return notedNode(
        nodeId,
        open.map(({ kind }) => kind),
      );
    }),
    joined: groups.joined.map(({ alert, open }) => notedNode(alert.nodeId, [...open, alert.kind])),
    told: [
      ...groups.toldOfNodes.flatMap(({ nodeId, change }) => nodeEvents(ofNodes, nodeId, [change], at)),
      ...groups.told.map((body) => writtenEvent(ofNodes, body, at)),
      ...judged.flatMap(({ nodeId, told }) => nodeEvents(ofNodes, nodeId, told, at)),
    ],
  };
}

function notedNode(nodeId: string, kinds: readonly NodeAlertKind[]): NotedNode {
  const open = nodeAlertKinds.filter((kind) => kinds.includes(kind));
  return { nodeId, open, urgencyRank: mostUrgent(open) };
}
