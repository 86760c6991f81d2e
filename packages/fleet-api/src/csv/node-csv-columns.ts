import { type FleetNode, formatLabels, shownName } from '@serve.zone/baseos-cloudly-handlers';
import type { CsvValue } from './format-csv.js';

/** A column of nodes in CSV. */
export interface NodeCsvColumn {
  key: string;
  /** What a program reads; absent if the node has none. */
  value: (node: FleetNode) => CsvValue;
}

const LABEL = 'label.';

/** The columns that there are always. */
export const nodeCsvColumns: readonly NodeCsvColumn[] = [
  { key: 'name', value: ({ facts }) => shownName(facts) ?? facts.nodeId },
  { key: 'id', value: ({ facts }) => facts.nodeId },
  { key: 'hostname', value: ({ facts }) => facts.hostname },
  { key: 'uuid', value: ({ facts }) => facts.uuid },
  { key: 'type', value: ({ facts }) => facts.deviceType },
  { key: 'os', value: ({ facts }) => facts.osVersion },
  { key: 'agent', value: ({ facts }) => facts.agentVersion },
  { key: 'supervisor', value: supervisorOf },
  { key: 'app', value: ({ facts }) => facts.appId },
  { key: 'release', value: ({ facts }) => facts.commit },
  { key: 'staged', value: ({ facts }) => facts.stagedCommit },
  { key: 'update', value: ({ facts }) => facts.updateState },
  { key: 'mode', value: ({ facts }) => facts.updatesMode },
  { key: 'gate', value: ({ facts }) => facts.gate },
  { key: 'storage', value: ({ facts }) => facts.freeStoragePercent },
  { key: 'state', value: ({ state }) => state },
  { key: 'seen', value: ({ lastHeartbeatAtMs }) => lastHeartbeatAtMs && instant(lastHeartbeatAtMs) },
  { key: 'clone', value: ({ facts }) => (facts.isCloneSuspected ? 'suspected' : undefined) },
  { key: 'alerts', value: ({ alerts }) => alerts.join(' ') },
  { key: 'registered', value: ({ facts }) => instant(facts.registeredAtMs) },
  { key: 'join-token', value: ({ facts }) => facts.joinTokenId },
  { key: 'labels', value: ({ labels }) => formatLabels(labels) },
];

/** The column with this key: one of those that there are always, or `label.<key>`. */
export function findNodeCsvColumn(key: string): NodeCsvColumn | undefined {
  if (!key.startsWith(LABEL)) return nodeCsvColumns.find((column) => column.key === key);
  const label = key.slice(LABEL.length);
  return { key, value: ({ labels }) => (Object.hasOwn(labels, label) ? labels[label] : undefined) };
}

/** Why there is no version says more than that there is none. */
function supervisorOf({ facts: { supervisorVersion, supervisorState } }: FleetNode): string | undefined {
  return supervisorState === undefined || supervisorState === 'available' ? supervisorVersion : supervisorState;
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
