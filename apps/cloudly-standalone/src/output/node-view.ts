import {
  connectivityOf,
  isContested,
  type NodeRecord,
  rivalBoots,
  type StoredNode,
  type UpdatesMode,
} from '@serve.zone/baseos-cloudly-handlers';
import type { RunningCommand } from '@serve.zone/baseos-contracts';
import { instant } from '../time/instant.js';

export type NodeState = 'active' | 'pending' | 'revoked' | 'clone-suspected';

/**
 * - `overdue`: no heartbeat has come in time. The node may be offline, or no server may have been available for its
 * heartbeat.
 */
export type NodePresence = 'online' | 'overdue' | 'never-seen';

/** A node as an operator may see it: without hashes, and with instants in RFC 3339. */
export interface NodeView {
  nodeId: string;
  state: NodeState;
  presence: NodePresence;
  /** Compare it with the one that the device logs. */
  approvalCode: string;
  joinTokenId: string;
  registeredAt: string;
  approvedAt?: string;
  revokedAt?: string;
  /** The device with this approval code may take the node's place until then. */
  rebind?: { approvalCode: string; until: string };
  /** Since then, the node gets a new token with its next heartbeat. */
  rotationDemandedAt?: string;
  currentToken?: { id: string; issuedAt: string };
  nextToken?: { id: string; issuedAt: string };
  /** The node's running process. */
  bootId: string;
  cloneSuspectedAt?: string;
  /** When an operator chose which of two devices stays: the registration key that both have is no longer accepted. */
  cloneResolvedAt?: string;
  /** Present while there is something to decide: the processes, of which one may stay. */
  rivals?: RivalView[];
  /** How it takes new releases: what an operator has set, and what the device reports. */
  updates?: { set?: UpdatesMode; mode?: string; gate?: string; staged?: string; reason?: string };
  /** As of the last heartbeat. */
  runningCommand?: { id: string; phase: string; progressPercent?: number };
  lastHeartbeat?: { receivedAt: string; expectedBy: string; bootId: string; sequence: number };
}

export interface RivalView {
  bootId: string;
  lastSeenAt?: string;
}

export function viewNode(stored: StoredNode, nowMs: number): NodeView {
  const { node, lastHeartbeat } = stored;
  return {
    nodeId: node.nodeId,
    state: stateOf(node),
    presence: presenceOf(stored, nowMs),
    approvalCode: node.approvalCode,
    joinTokenId: node.joinTokenId,
    registeredAt: instant(node.registeredAtMs),
    ...optionalInstant('approvedAt', node.approvedAtMs),
    ...optionalInstant('revokedAt', node.revokedAtMs),
    ...(node.rebind !== undefined &&
      nowMs < node.rebind.untilMs && {
        rebind: { approvalCode: node.rebind.approvalCode, until: instant(node.rebind.untilMs) },
      }),
    ...optionalInstant('rotationDemandedAt', node.rotationDemandedAtMs),
    ...(node.currentToken && { currentToken: viewToken(node.currentToken) }),
    ...(node.nextToken && { nextToken: viewToken(node.nextToken) }),
    bootId: node.bootId,
    ...optionalInstant('cloneSuspectedAt', node.cloneSuspectedAtMs),
    ...optionalInstant('cloneResolvedAt', node.cloneResolution?.atMs),
    ...(isContested(node) && { rivals: viewRivals(stored) }),
    ...viewUpdates(stored),
    ...(lastHeartbeat?.runningCommand && { runningCommand: viewRunning(lastHeartbeat.runningCommand) }),
    ...(lastHeartbeat && {
      lastHeartbeat: {
        receivedAt: instant(lastHeartbeat.receivedAtMs),
        expectedBy: instant(lastHeartbeat.expectedByMs),
        bootId: lastHeartbeat.bootId,
        sequence: lastHeartbeat.sequence,
      },
    }),
  };
}

/** The processes, one of which an operator chooses, with what distinguishes them. */
export function viewRivals({ node, lastHeartbeat }: StoredNode): RivalView[] {
  return rivalBoots(node).map((bootId) => {
    const superseded = node.supersededBoots.find((boot) => boot.bootId === bootId);
    const heartbeatAtMs = lastHeartbeat?.bootId === bootId ? lastHeartbeat.receivedAtMs : undefined;
    return Object.assign({ bootId }, optionalInstant('lastSeenAt', heartbeatAtMs ?? superseded?.returned?.atMs));
  });
}

function stateOf({ revokedAtMs, approvedAtMs, cloneSuspectedAtMs }: NodeRecord): NodeState {
  if (revokedAtMs !== undefined) return 'revoked';
  if (approvedAtMs === undefined) return 'pending';
  return cloneSuspectedAtMs === undefined ? 'active' : 'clone-suspected';
}

function presenceOf(stored: StoredNode, nowMs: number): NodePresence {
  const connectivity = connectivityOf(stored, nowMs, -Infinity);
  return connectivity === 'online' || connectivity === 'never-seen' ? connectivity : 'overdue';
}

function viewUpdates({ node: { updatesMode }, status }: StoredNode): Pick<NodeView, 'updates'> {
  const { updates } = status ?? {};
  if (updatesMode === undefined && updates === undefined) return {};
  const { mode, gate, staged, reason } = updates ?? {};
  return {
    updates: {
      ...(updatesMode !== undefined && { set: updatesMode }),
      ...(mode !== undefined && { mode }),
      ...(gate !== undefined && { gate }),
      ...(staged !== undefined && { staged }),
      ...(reason !== undefined && { reason }),
    },
  };
}

function viewRunning({ id, phase, progressPercent }: RunningCommand): NonNullable<NodeView['runningCommand']> {
  return { id, phase, ...(progressPercent !== undefined && { progressPercent }) };
}

function viewToken({ id, issuedAtMs }: { id: string; issuedAtMs: number }): { id: string; issuedAt: string } {
  return { id, issuedAt: instant(issuedAtMs) };
}

function optionalInstant<Name extends string>(name: Name, atMs: number | undefined): { [Key in Name]?: string } {
  return atMs === undefined ? {} : ({ [name]: instant(atMs) } as { [Key in Name]: string });
}
