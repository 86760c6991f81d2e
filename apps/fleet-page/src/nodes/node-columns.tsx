import type { ComponentChildren } from 'preact';
import type { FleetNode, LiveNode, SortKey } from '@serve.zone/baseos-cloudly-handlers';
import { nodeChips } from '../format/node-chips.js';
import { shortRelease } from '../format/short-release.js';
import { StateChip } from '../ui/chip.js';
import { Icon } from '../ui/icon.js';
import { Ago, Day } from '../ui/time.js';

/** A node of the list, with what its last heartbeat says. */
export interface ListedNode extends FleetNode {
  live?: LiveNode | undefined;
}

export interface NodeColumn {
  /** As in a saved view, and as selectors call it. */
  name: string;
  title: string;
  sort?: SortKey;
  /** How it is laid out, and when it gives way. */
  look?: string;
  show: (node: ListedNode) => ComponentChildren;
}

const columns: readonly NodeColumn[] = [
  {
    name: 'state',
    title: 'State',
    look: 'state',
    show: (node) => {
      const [first] = nodeChips(node);
      return first && <StateChip {...first} />;
    },
  },
  {
    name: 'release',
    title: 'Release',
    sort: 'commit',
    look: 'drop nowrap',
    show: ({ facts: { commit } }) => (commit === undefined ? none() : <code>{shortRelease(commit)}</code>),
  },
  { name: 'gate', title: 'Gate', look: 'p3 drop nowrap', show: ({ facts }) => <Gate facts={facts} /> },
  {
    name: 'agent',
    title: 'Agent',
    sort: 'agent',
    look: 'p3 drop nowrap',
    show: ({ facts }) => text(facts.agentVersion),
  },
  {
    name: 'storage',
    title: 'Disk free',
    sort: 'storage',
    look: 'num p2 drop nowrap',
    show: ({ facts: { freeStoragePercent: free } }) =>
      free === undefined ? none() : <span class={free < 10 ? 'warn' : ''}>{free} %</span>,
  },
  {
    name: 'supervisor',
    title: 'Supervisor',
    sort: 'supervisor',
    look: 'p3 drop nowrap',
    show: ({ facts }) => text(facts.supervisorVersion ?? facts.supervisorState),
  },
  { name: 'os', title: 'OS', sort: 'os', look: 'p3 drop', show: ({ facts }) => text(facts.osVersion) },
  { name: 'type', title: 'Device type', sort: 'type', look: 'p2 drop', show: ({ facts }) => text(facts.deviceType) },
  { name: 'hostname', title: 'Hostname', look: 'p2 drop', show: ({ facts }) => text(facts.hostname) },
  { name: 'id', title: 'Node ID', sort: 'id', look: 'p3 drop', show: ({ facts }) => <code>{facts.nodeId}</code> },
  {
    name: 'registered',
    title: 'Enrolled',
    sort: 'registered',
    look: 'p2 drop nowrap',
    show: ({ facts }) => <Day atMs={facts.registeredAtMs} />,
  },
  {
    name: 'seen',
    title: 'Seen',
    sort: 'seen',
    look: 'num nowrap seen',
    show: ({ lastHeartbeatAtMs }) =>
      lastHeartbeatAtMs === undefined ? none() : <Ago atMs={lastHeartbeatAtMs} isBare />,
  },
];

export const usualColumns: readonly string[] = ['state', 'release', 'gate', 'agent', 'storage', 'seen'];

/** Those that can be shown, with one for each key of a label; what a node was last heard stays at the end. */
export function knownColumns(labelKeys: readonly string[]): NodeColumn[] {
  const [state, ...others] = columns;
  const labels = labelKeys.map((key): NodeColumn => ({
    name: `label.${key}`,
    title: key,
    look: 'drop',
    show: ({ labels: given }) =>
      given[key] === undefined ? none() : <bdi>{given[key] === '' ? '✓' : given[key]}</bdi>,
  }));
  return [...(state ? [state] : []), ...labels, ...others];
}

function text(value: string | undefined): ComponentChildren {
  return value === undefined ? none() : <bdi>{value}</bdi>;
}

function none(): ComponentChildren {
  return <span class="muted">–</span>;
}

function Gate({ facts: { updatesMode, gate } }: Pick<FleetNode, 'facts'>) {
  if (updatesMode !== 'gated') return <span class="muted">Not gated</span>;
  const isOpen = gate === 'open';
  return (
    <span class={gate === 'unavailable' ? 'warn' : ''}>
      <Icon name={gate === 'unavailable' ? 'warn' : isOpen ? 'open' : 'lock'} />{' '}
      {gate === 'unavailable' ? 'Unavailable' : isOpen ? 'Open' : 'Closed'}
    </span>
  );
}
