import type { NodeDetails, ShownRecord, UpdatesMode } from '@serve.zone/baseos-cloudly-handlers';
import type { RunningCommand } from '@serve.zone/baseos-contracts';
import { instant } from '../time/instant.js';
import { type FleetNodeView, viewFleetNode } from './fleet-node-view.js';

/** All about a node as an operator's program may see it: without hashes, and with instants in RFC 3339. */
export interface NodeView extends FleetNodeView {
  notes?: string;
  /** Compare it with the one that the device logs. */
  approvalCode?: string;
  approvedAt?: string;
  revokedAt?: string;
  /** The device with this approval code may take the node's place until then. */
  rebind?: { approvalCode?: string; until: string };
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

export function viewNode(details: NodeDetails, nowMs: number): NodeView {
  const { profile, record, lastHeartbeat, rivals } = details;
  return {
    ...viewFleetNode(details),
    ...(profile.notes !== undefined && { notes: profile.notes }),
    ...viewRecord(record, nowMs),
    ...(rivals.length > 0 && { rivals: viewRivals(details) }),
    ...viewUpdates(details),
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
export function viewRivals({ rivals }: Pick<NodeDetails, 'rivals'>): RivalView[] {
  return rivals.map(({ bootId, lastSeenAtMs }) =>
    Object.assign({ bootId }, optionalInstant('lastSeenAt', lastSeenAtMs)),
  );
}

function viewRecord(
  { approvalCode, approvedAtMs, revokedAtMs, rebind, currentToken, nextToken, ...record }: ShownRecord,
  nowMs: number,
): Omit<NodeView, keyof FleetNodeView> {
  return {
    ...(approvalCode !== undefined && { approvalCode }),
    ...optionalInstant('approvedAt', approvedAtMs),
    ...optionalInstant('revokedAt', revokedAtMs),
    ...(rebind && nowMs < rebind.untilMs && { rebind: viewRebind(rebind) }),
    ...optionalInstant('rotationDemandedAt', record.rotationDemandedAtMs),
    ...(currentToken && { currentToken: viewToken(currentToken) }),
    ...(nextToken && { nextToken: viewToken(nextToken) }),
    bootId: record.bootId,
    ...optionalInstant('cloneSuspectedAt', record.cloneSuspectedAtMs),
    ...optionalInstant('cloneResolvedAt', record.cloneResolution?.atMs),
  };
}

function viewRebind({ approvalCode, untilMs }: NonNullable<ShownRecord['rebind']>): NonNullable<NodeView['rebind']> {
  return { ...(approvalCode !== undefined && { approvalCode }), until: instant(untilMs) };
}

function viewUpdates({ record: { updatesMode }, status }: NodeDetails): Pick<NodeView, 'updates'> {
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
