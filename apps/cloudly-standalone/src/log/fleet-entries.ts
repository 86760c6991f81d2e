import type { FleetEventKind, WrittenEvent } from '@serve.zone/baseos-cloudly-handlers';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import { describeFleetEvent } from '../events/describe-fleet-event.js';
import type { LogEntry } from './create-log.js';

/** What an operator may have to look at, and no request of a node tells of. */
const kinds: Partial<Record<FleetEventKind, { level: LogLevel; ofMany: string }>> = {
  'node-offline': { level: 'warn', ofMany: 'went offline' },
  'node-back': { level: 'info', ofMany: 'are back' },
  'update-failed': { level: 'warn', ofMany: 'failed to update' },
  'storage-low': { level: 'warn', ofMany: 'have little storage left' },
  'crash-loop': { level: 'warn', ofMany: 'restart their agents again and again' },
};

/** Whether an event is for the log. */
export function isLogged({ kind, nodeId }: WrittenEvent): boolean {
  return kinds[kind] !== undefined && nodeId !== undefined;
}

/** More events of a kind at once are one line. */
const SINGLE_MAX = 3;

/** What the log says about events that happened at about the same time, by the names of their nodes. */
export function fleetEntries(events: readonly WrittenEvent[], names: ReadonlyMap<string, string>): LogEntry[] {
  return Array.from(new Set(events.map(({ kind }) => kind))).flatMap((each) => {
    const alike = events.filter(({ kind }) => kind === each);
    return alike.length > SINGLE_MAX ? [entryOfMany(alike, names)] : alike.map((event) => entryOf(event, names));
  });
}

function entryOf(event: WrittenEvent, names: ReadonlyMap<string, string>): LogEntry {
  const { kind, nodeId = '' } = event;
  const name = nameOf(nodeId, names);
  const node = name === nodeId ? `Node ${nodeId}` : `Node ${name} (${nodeId})`;
  return {
    level: kinds[kind]?.level ?? 'info',
    event: kind,
    message: `${node} ${describeFleetEvent(event)}`,
    fields: { nodeId },
  };
}

function entryOfMany(events: readonly WrittenEvent[], names: ReadonlyMap<string, string>): LogEntry {
  const [{ kind } = { kind: 'node-back' as const }] = events;
  const { level = 'info', ofMany = kind } = kinds[kind] ?? {};
  const nodeIds = events.slice(0, SINGLE_MAX).map(({ nodeId = '' }) => nodeId);
  const among = nodeIds.map((nodeId) => nameOf(nodeId, names)).join(', ');
  const message = `${events.length} nodes ${ofMany}, among them ${among}`;
  return { level, event: kind, message, fields: { count: events.length, nodeIds } };
}

function nameOf(nodeId: string, names: ReadonlyMap<string, string>): string {
  return names.get(nodeId) ?? nodeId;
}
