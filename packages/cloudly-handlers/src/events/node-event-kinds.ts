import type { FleetEventKind, NodeChange } from './fleet-event.js';

const isAboutNode: Readonly<Record<FleetEventKind, boolean>> = {
  'node-registered': true,
  'node-approved': true,
  'node-revoked': true,
  'node-unrevoked': true,
  'node-forgotten': true,
  'node-rebind-allowed': true,
  'node-rebound': true,
  'node-rotation-demanded': true,
  'node-tokens-voided': true,
  'node-updates-set': true,
  'clone-suspected': true,
  'clone-resolved': true,
  'node-named': true,
  'node-labelled': true,
  'node-noted': true,
  'node-late': true,
  'node-offline': true,
  'node-back': true,
  'crash-loop': true,
  'agent-changed': true,
  'os-changed': true,
  'release-changed': true,
  'supervisor-changed': true,
  'update-failed': true,
  'storage-low': true,
  'storage-recovered': true,
  'command-queued': true,
  'command-cancelled': true,
  'command-finished': true,
  'command-ended': true,
  'join-token-created': false,
  'join-token-revoked': false,
  'view-saved': false,
  'view-removed': false,
  'bulk-begun': false,
  'bulk-stopped': false,
  'bulk-ended': false,
  'fleet-recovered': false,
} satisfies Record<NodeChange['kind'], true> & Record<Exclude<FleetEventKind, NodeChange['kind']>, false>;

/** Every kind of event. */
export const fleetEventKinds = Object.keys(isAboutNode) as FleetEventKind[];

/** The kinds of events that are about a node; the others are about the fleet as a whole. */
export const nodeEventKinds = fleetEventKinds.filter((kind) => isAboutNode[kind]);
