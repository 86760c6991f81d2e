import { changed, type Fetch, messageOf, replacing, withText } from '../alteration.js';
import type { Fault } from './fault.js';
import { isHeartbeat, answering } from './altering-heartbeats.js';

/** Cloudlys that treat statuses wrongly, or do not know which process is the running one. */
export const statusFaults: Fault[] = [
  answering(
    'never asks for a status',
    [
      'no-status-yet',
      'status-known-by-hash',
      'opaque-hash',
      'status-of-another-process',
      'status-of-registration',
      'late-registration',
      'late-boot',
      'late-boots-remembered',
    ],
    ({ sendFullStatus: _left, ...json }) => json,
  ),
  answering(
    'asks for the status at every heartbeat',
    [
      'status-known-by-hash',
      'status-of-registration',
      'late-registration',
      'opaque-hash',
      'late-sequence',
      'late-boot',
    ],
    (json) => ({ ...json, sendFullStatus: true }),
  ),
  {
    name: 'recognises a status by its hash, whatever process sent it',
    breaks: ['status-of-another-process', 'status-of-registration'],
    alter: (next) => {
      const hashes = new Map<unknown, unknown>();
      return async (request) => {
        const { nodeId, statusHash, status } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || response.status !== 200) return response;
        const isKnown = hashes.get(nodeId) === statusHash;
        if (status !== undefined) hashes.set(nodeId, statusHash);
        return isKnown ? changed(response, ({ sendFullStatus: _left, ...json }) => json) : response;
      };
    },
  },
  {
    name: 'forgets the hash of a status when the node registers',
    breaks: ['status-of-registration', 'late-registration'],
    alter: (next) => asking(next, () => true),
  },
  {
    name: 'stores the status of a registration by an earlier process',
    breaks: ['late-registration'],
    alter: (next) => asking(next, ({ bootId }, seen) => seen.includes(bootId) && seen.at(-1) !== bootId),
  },
  {
    name: 'keeps the hash of a status when a new process registers',
    breaks: ['status-of-registration'],
    alter: (next) => {
      const registered = new Set<unknown>();
      const known = new Set<unknown>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request)) {
          if (response.status === 200) registered.add(bootId);
          return response;
        }
        if (response.ok && registered.has(bootId) && known.has(nodeId)) {
          return changed(response, ({ sendFullStatus: _left, ...json }) => json);
        }
        known.add(nodeId);
        return response;
      };
    },
  },
  {
    name: 'lets an earlier process take over again when it registers',
    breaks: ['late-registration'],
    alter:
      (next, { store }) =>
      async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        const node = (await store.findNode(String(nodeId)))?.node;
        if (isHeartbeat(request) || response.status !== 200 || !node || node.bootId === bootId) return response;
        const superseded = { bootId: node.bootId, lastSequence: 99, lastSeenAtMs: Date.now() };
        await store.replaceNode({ ...node, bootId: String(bootId), supersededBoots: [superseded] });
        return response;
      },
  },
  {
    name: 'lets no new process take over by a registration',
    breaks: ['registration-takes-over'],
    alter:
      (next, { store }) =>
      async (request) => {
        const message = await messageOf(request);
        const node = (await store.findNode(String(message['nodeId'])))?.node;
        if (isHeartbeat(request) || !node) return next(request);
        return next(withText(request, JSON.stringify({ ...message, bootId: node.bootId })));
      },
  },
  {
    name: 'compares hashes in lower case',
    breaks: ['opaque-hash'],
    alter: replacing(/"statusHash":"[^"]*"/g, (place) => place.replace(/:.*/, (hash) => hash.toLowerCase())),
  },
];

/** Asks again for the status of a node after a registration that overwrites it, until it comes. */
function asking(
  next: Fetch,
  overwrites: (message: Record<string, unknown>, boots: readonly unknown[]) => boolean,
): Fetch {
  const boots = new Map<unknown, unknown[]>();
  const overwritten = new Set<unknown>();
  return async (request) => {
    const message = await messageOf(request);
    const { nodeId, bootId, status } = message;
    const response = await next(request);
    if (!response.ok) return response;
    const seen = boots.get(nodeId) ?? [];
    if (!seen.includes(bootId)) boots.set(nodeId, [...seen, bootId]);
    if (!isHeartbeat(request)) {
      if (response.status === 200 && overwrites(message, seen)) overwritten.add(nodeId);
      return response;
    }
    if (status !== undefined) overwritten.delete(nodeId);
    return overwritten.has(nodeId) ? changed(response, (json) => ({ ...json, sendFullStatus: true })) : response;
  };
}
