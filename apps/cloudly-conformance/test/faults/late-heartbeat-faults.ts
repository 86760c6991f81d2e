import { bearerOf, changed, type Fetch, messageOf, replacing, someToken, success, withText } from '../alteration.js';
import type { Fault } from './fault.js';
import { isHeartbeat } from './altering-heartbeats.js';

/** Cloudlys that treat late heartbeats wrongly. */
export const lateHeartbeatFaults: Fault[] = [
  {
    name: 'stores the latest arrival, whatever its sequence',
    breaks: ['late-sequence', 'late-gets-nothing'],
    alter: (next, inside) => {
      let sequence = 0;
      return replacing(/"sequence":[1-9]\d*,/g, () => `"sequence":${(sequence += 1)},`)(next, inside);
    },
  },
  {
    name: 'stores the latest arrival, whatever its process',
    breaks: ['late-boot'],
    alter: (next) => {
      const lateNodes = new Set<unknown>();
      const boots = new Map<unknown, unknown[]>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        boots.set(nodeId, [...seen, bootId]);
        if (seen.includes(bootId) && seen.at(-1) !== bootId) lateNodes.add(nodeId);
        return lateNodes.has(nodeId) ? changed(response, (json) => ({ ...json, sendFullStatus: true })) : response;
      };
    },
  },
  {
    name: 'remembers only the last three processes of a node',
    breaks: ['late-boots-remembered'],
    alter: (next) => {
      const boots = new Map<unknown, unknown[]>();
      return async (request) => {
        const message = await messageOf(request);
        const { nodeId, bootId } = message;
        const seen = boots.get(nodeId) ?? [];
        if (!seen.includes(bootId)) boots.set(nodeId, [...seen, bootId]);
        const isForgotten = seen.includes(bootId) && !seen.slice(-4).includes(bootId);
        if (!isForgotten) return next(request);
        return next(withText(request, JSON.stringify({ ...message, bootId: crypto.randomUUID() })));
      };
    },
  },
  {
    name: 'issues a token in the answer to a late heartbeat',
    breaks: ['late-gets-nothing'],
    alter: (next) => givingLate(next, () => ({ nextNodeToken: someToken() })),
  },
  {
    name: 'lists commands in the answer to a late heartbeat',
    breaks: ['late-gets-nothing'],
    alter: (next) => {
      const command = { id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 };
      return givingLate(next, () => ({ desiredState: { commands: [command] } }));
    },
  },
  {
    name: 'activates a token only by a heartbeat that is not late',
    breaks: ['late-heartbeat-uses-token'],
    alter: (next) => {
      const inUse = new Map<unknown, unknown>();
      const leftGood = new Set<unknown>();
      return async (request) => {
        const { nodeId, sequence } = await messageOf(request);
        const bearer = bearerOf(request);
        const response = await next(request);
        if (!isHeartbeat(request)) return response;
        if (response.status === 401 && leftGood.has(bearer)) return success(200, {});
        if (!response.ok) return response;
        const before = inUse.get(nodeId) ?? bearer;
        if (sequence === 1 && before !== bearer) leftGood.add(before);
        else inUse.set(nodeId, bearer);
        return response;
      };
    },
  },
];

/** Adds something to the answers to heartbeats with a sequence that is not the highest of its process. */
function givingLate(next: Fetch, gift: () => object): Fetch {
  const sequences = new Map<unknown, number>();
  return async (request) => {
    const { bootId, sequence } = await messageOf(request);
    const response = await next(request);
    if (!isHeartbeat(request) || response.status !== 200) return response;
    const highest = sequences.get(bootId) ?? 0;
    sequences.set(bootId, Math.max(highest, Number(sequence)));
    return Number(sequence) <= highest ? changed(response, (json) => ({ ...json, ...gift() })) : response;
  };
}
