import { type FleetNode, formatLabels } from '@serve.zone/baseos-cloudly-handlers';
import { findNodeCsvColumn } from '@serve.zone/baseos-fleet-api';
import type { ListColumn, ListColumns } from '../list/list-column.js';
import { formatAgo, formatShortDuration } from '../time/format-duration.js';
import { nameNode } from './name-node.js';

/** Enough of a release's ID to tell it from others. */
const SHORT_COMMIT = 7;

/** What stands for a value that a node has not. */
const NONE = '-';

const LABEL = 'label.';

/** What people read in each column; what programs read is that of the API. */
const columns: readonly ListColumn<FleetNode>[] = [
  { key: 'name', min: 12, text: ({ facts }) => nameNode(facts) },
  { key: 'id', min: 8, text: ({ facts }) => facts.nodeId },
  { key: 'hostname', min: 8, ...ofFact(({ hostname }) => hostname) },
  { key: 'uuid', min: 8, ...ofFact(({ uuid }) => uuid) },
  { key: 'type', min: 8, ...ofFact(({ deviceType }) => deviceType) },
  { key: 'os', min: 8, ...ofFact(({ osVersion }) => osVersion) },
  { key: 'agent', min: 6, ...ofFact(({ agentVersion }) => agentVersion) },
  {
    key: 'supervisor',
    // Why there is no version says more than that there is none.
    ...ofFact(({ supervisorVersion, supervisorState }) =>
      supervisorState === undefined || supervisorState === 'available' ? supervisorVersion : supervisorState,
    ),
    min: 10,
  },
  { key: 'app', ...ofFact(({ appId }) => appId) },
  { key: 'release', alias: 'commit', ...ofCommit(({ facts }) => facts.commit) },
  { key: 'staged', ...ofCommit(({ facts }) => facts.stagedCommit) },
  { key: 'update', ...ofFact(({ updateState }) => updateState) },
  { key: 'mode', ...ofFact(({ updatesMode }) => updatesMode) },
  { key: 'gate', ...ofFact(({ gate }) => gate) },
  {
    key: 'storage',
    text: ({ facts: { freeStoragePercent } }) => (freeStoragePercent === undefined ? NONE : `${freeStoragePercent} %`),
  },
  { key: 'state', text: ({ state }) => state },
  {
    key: 'seen',
    text: ({ lastHeartbeatAtMs }, nowMs) =>
      lastHeartbeatAtMs === undefined ? NONE : formatAgo(lastHeartbeatAtMs, nowMs, formatShortDuration),
  },
  { key: 'alerts', min: 8, text: ({ alerts }) => alerts.join(' ') || NONE },
  { key: 'clone', text: ({ facts }) => (facts.isCloneSuspected ? 'suspected' : NONE) },
  {
    key: 'registered',
    text: ({ facts }, nowMs) => formatAgo(facts.registeredAtMs, nowMs, formatShortDuration),
  },
  { key: 'join-token', text: ({ facts }) => facts.joinTokenId },
  {
    key: 'labels',
    min: 12,
    text: ({ labels }) => formatLabels(labels) || NONE,
  },
];

/** The columns of `node list`. */
export const nodeColumns: ListColumns<FleetNode> = {
  shown: ['name', 'type', 'agent', 'supervisor', 'release', 'state', 'seen'],
  all: columns.map((column) => withValue(column)),
  find: (key) => {
    if (!key.startsWith(LABEL)) return undefined;
    const label = key.slice(LABEL.length);
    const text = ({ labels }: FleetNode): string => labels[label] ?? NONE;
    return withValue({ key, heading: label.toUpperCase(), min: 8, text });
  },
  family: `${LABEL}<key>`,
};

function withValue(column: ListColumn<FleetNode>): ListColumn<FleetNode> {
  const value = findNodeCsvColumn(column.key)?.value;
  return value ? { ...column, value } : column;
}

type Texts = Pick<ListColumn<FleetNode>, 'text' | 'full'>;

function ofFact(read: (facts: FleetNode['facts']) => string | number | undefined): Texts {
  return { text: ({ facts }) => String(read(facts) ?? NONE) };
}

function ofCommit(read: (node: FleetNode) => string | undefined): Texts {
  return {
    text: (node) => read(node)?.slice(0, SHORT_COMMIT) ?? NONE,
    full: (node) => read(node) ?? NONE,
  };
}
