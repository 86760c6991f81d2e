import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { Actor } from '../../../events/actor.js';
import type { FleetEvent, FleetEventBody } from '../../../events/fleet-event.js';
import type { NodeRecord } from '../../../fleet/node-record.js';
import type { NodeReport } from '../../../fleet/node-report.js';
import type { FleetNode } from '../../../fleet-store/fleet-node.js';
import type { FleetStore, OperatorStore, StoreCaller } from '../../../fleet-store/fleet-store.js';
import type { Scope, Selector } from '../../../selector/selector.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../fixtures.js';

export const ADA: Actor = 'operator:ada';
export const BEN: Actor = 'operator:ben';

/** A caller of the whole fleet, or of what is in a scope. */
export function by(actor: Actor, changes: Partial<StoreCaller> = {}): StoreCaller {
  return { actor, nowMs: NOW_MS, ...changes };
}

/** The nodes with this label. */
export function scopeOf(key: string, ...anyOf: string[]): Scope {
  return { terms: [{ field: 'label', isNot: false, key, anyOf }] };
}

export const everyNode: Selector = { terms: [] };

/** What an admin of the whole fleet sees. */
export function asAda(store: FleetStore, nowMs: number = NOW_MS): OperatorStore {
  return store.as(by(ADA, { nowMs }));
}

/** An approved node. */
export function approvedNode(nodeId: string, changes: Partial<NodeRecord> = {}): NodeRecord {
  return nodeRecord(nodeId, { approvedAtMs: NOW_MS, ...changes });
}

/** Adds an approved node with these labels. */
export async function addLabelled(
  store: FleetStore,
  nodeId: string,
  labels: Record<string, string> = {},
  changes: Partial<NodeRecord> = {},
): Promise<void> {
  await addNode(store, approvedNode(nodeId, changes));
  await setProfile(store, nodeId, { labels });
}

/** Changes what people have written about a node. */
export async function setProfile(
  store: FleetStore,
  nodeId: string,
  changes: { name?: string; labels?: Record<string, string>; notes?: string },
): Promise<void> {
  const operator = asAda(store);
  const before = await operator.findProfile(nodeId);
  if (!before) throw new Error(`the profile of ${nodeId}: expected one, but got undefined`);
  const isReplaced = await operator.replaceProfile({ ...before, ...changes });
  if (!isReplaced) throw new Error(`replaceProfile of ${nodeId}: expected true, but got false`);
}

export interface Device {
  hostname: string;
  uuid?: string;
  type?: string;
  agentVersion?: string;
  osVersion?: string;
  supervisorVersion?: string;
  commit?: string;
  updateFailed?: boolean;
  storageTotalBytes?: number;
}

/** The status of a device with a Supervisor. */
export function deviceStatus({ hostname, ...device }: Device): RuntimeStatus {
  const { uuid, type, agentVersion = '1.0.0', osVersion, supervisorVersion = '17.0.1', commit } = device;
  const status = runtimeStatus(hostname);
  const { storageTotalBytes, updateFailed = false } = device;
  return {
    ...status,
    agent: { ...status.agent, version: agentVersion },
    host: {
      ...status.host,
      ...(osVersion !== undefined && { osVersion }),
      ...(storageTotalBytes !== undefined && { storageTotalBytes }),
    },
    device: { appId: 7, ...(uuid !== undefined && { uuid }), ...(type !== undefined && { type }) },
    supervisor: {
      state: 'available',
      version: supervisorVersion,
      device: {
        ipAddresses: [],
        macAddresses: [],
        ...(commit !== undefined && { commit }),
        updatePending: updateFailed,
        updateFailed,
        updateDownloaded: false,
      },
      apps: [],
    },
    updates: { mode: 'gated', gate: 'open' },
  };
}

/** A heartbeat at this instant; the next one is expected two minutes later. */
export function heardAt(sequence: number, receivedAtMs: number, changes: Partial<NodeReport> = {}): NodeReport {
  return heartbeatReport(sequence, { receivedAtMs, expectedByMs: receivedAtMs + 120_000, ...changes });
}

/** A node as lists show it. */
export async function listed(store: FleetStore, nodeId: string): Promise<FleetNode> {
  const [node] = await asAda(store).findFleetNodes([nodeId]);
  if (!node) throw new Error(`the node ${nodeId} in a list: expected one, but got none`);
  return node;
}

/** All events, the oldest first. */
export async function allEvents(store: FleetStore): Promise<FleetEvent[]> {
  const operator = asAda(store);
  const events: FleetEvent[] = [];
  for (;;) {
    const after: number = events.at(-1)?.position ?? 0;
    const page = await operator.listEvents({ after, limit: 100 });
    const [first] = page;
    if (!first) return events;
    if (first.position <= after) throw new Error(`an event: expected one after ${after}, but got ${first.position}`);
    events.push(...page);
  }
}

/** Who has done what since a position, without when. */
export async function toldSince(store: FleetStore, position: number): Promise<ToldEvent[]> {
  const events = await allEvents(store);
  return events
    .filter((event) => event.position > position)
    .map(({ position: _position, atMs: _atMs, ...told }) => told);
}

export type ToldEvent = { actor: Actor } & FleetEventBody;

export async function lastPosition(store: FleetStore): Promise<number> {
  return (await allEvents(store)).at(-1)?.position ?? 0;
}

/** Drops all that is old by then. */
export async function tidyAll(store: FleetStore, nowMs: number): Promise<void> {
  for (let times = 1; await store.tidy(nowMs); times += 1) {
    if (times === 1000) throw new Error('tidy: expected an end, but there is always more');
  }
}
