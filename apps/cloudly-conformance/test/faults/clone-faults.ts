import {
  bearerOf,
  changed,
  keptBoots,
  messageOf,
  nodesAsked,
  problem,
  someToken,
  success,
  isRegistration,
} from '../alteration.js';
import type { Fault } from './fault.js';

/** Cloudlys that do not do as their operator has decided about copied disks. */
export const cloneFaults: Fault[] = [
  {
    name: 'remembers only the last process that it rejected',
    breaks: ['clones-remembered'],
    alter: (next, { onAsk }) => {
      const turnedAway = new Map<unknown, unknown[]>();
      const refused = new Set<unknown>();
      onAsk((act, { nodeId, bootId }) => {
        const boots = turnedAway.get(nodeId) ?? [];
        if (act === 'resolveClone' && boots.includes(bootId) && boots.at(-1) !== bootId) refused.add(bootId);
      });
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!response.ok) turnedAway.set(nodeId, [...(turnedAway.get(nodeId) ?? []), bootId]);
        return response.ok && refused.has(bootId) ? problem('node-token-unknown') : response;
      };
    },
  },
  {
    name: 'reports a decision about copied disks before a revocation',
    breaks: ['decided-and-revoked'],
    alter: (next, inside) => {
      const kept = keptBoots(inside);
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        const isOther = kept.has(nodeId) && kept.get(nodeId) !== bootId;
        if (response.status !== 410 || !isOther) return response;
        return problem(isRegistration(request) ? 'node-id-taken' : 'node-token-unknown');
      };
    },
  },
  {
    name: 'suspects a node once',
    breaks: ['suspected-again'],
    alter: (next, inside) => {
      const decided = nodesAsked(inside, 'resolveClone');
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!response.ok || !decided.has(nodeId)) return response;
        return changed(response, ({ cloneSuspected: _left, ...json }) => json);
      };
    },
  },
  {
    name: 'keeps a token valid that was in flight when the operator decided about copied disks',
    breaks: ['clone-next-token-void'],
    alter: (next, { onAsk }) => {
      const issued = new Map<unknown, unknown>();
      const leftGood = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'resolveClone' && leftGood.add(issued.get(nodeId))));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request)) {
          return changed(response, (json) => {
            if (response.status === 200) issued.set(nodeId, json['nodeToken']);
            return json;
          });
        }
        return response.status === 401 && leftGood.has(bearerOf(request)) ? success(200, {}) : response;
      };
    },
  },
  {
    name: 'never lets the earlier of two devices keep the identity',
    breaks: ['earlier-clone-resolved', 'clones-remembered'],
    alter: (next, { onAsk }) => {
      const running = new Map<unknown, unknown>();
      const seen = new Set<unknown>();
      const refused = new Set<unknown>();
      onAsk((act, { nodeId, bootId }) => {
        if (act === 'resolveClone' && running.get(nodeId) !== bootId) refused.add(bootId);
      });
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        if (!seen.has(bootId)) running.set(nodeId, bootId);
        seen.add(bootId);
        return refused.has(bootId) ? problem('node-token-unknown') : next(request);
      };
    },
  },
  {
    name: 'admits the key of a device that replaces one of two for one process only',
    breaks: ['rebind-ends-decision'],
    alter: (next, { onAsk }) => {
      const decided = new Set<unknown>();
      const rebound = new Map<unknown, unknown>();
      onAsk((act, { nodeId }) => {
        if (act === 'resolveClone') decided.add(nodeId);
        if (act === 'rebind' && decided.has(nodeId)) rebound.set(nodeId, undefined);
      });
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!isRegistration(request) || response.status !== 200 || !rebound.has(nodeId)) return response;
        const replacement = rebound.get(nodeId) ?? bootId;
        rebound.set(nodeId, replacement);
        return replacement === bootId ? response : problem('node-id-taken');
      };
    },
  },
  {
    name: 'admits the device that is not to keep the identity',
    breaks: [
      'clone-shut-out',
      'clone-stays-out',
      'clone-gets-own-token',
      'clone-chosen-again',
      'earlier-clone-resolved',
      'clone-next-token-void',
      'clones-remembered',
      'decided-and-revoked',
      'suspected-again',
    ],
    alter: (next, inside) => {
      const kept = keptBoots(inside);
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isShutOut = kept.has(nodeId) && !response.ok;
        return isShutOut ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'accepts the new token of the kept device only from the process that received it',
    breaks: ['clone-gets-own-token', 'suspected-again'],
    alter: (next, inside) => {
      const kept = keptBoots(inside);
      const bootOf = new Map<unknown, unknown>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const given = bootOf.get(bearerOf(request));
        if (given !== undefined && given !== bootId) return problem('node-token-unknown');
        const response = await next(request);
        if (kept.get(nodeId) !== bootId || !response.ok) return response;
        return changed(response, (json) => {
          const { nextNodeToken } = json;
          if (nextNodeToken !== undefined) bootOf.set(nextNodeToken, bootId);
          return json;
        });
      };
    },
  },
  {
    name: 'issues no new token to the kept device',
    breaks: [
      'clone-gets-own-token',
      'earlier-clone-resolved',
      'clone-next-token-void',
      'suspected-until-decided',
      'suspected-again',
    ],
    alter: (next, inside) => {
      const resolved = nodesAsked(inside, 'resolveClone');
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!response.ok || !resolved.has(nodeId)) return response;
        return changed(response, ({ nextNodeToken: _left, ...json }) => json);
      };
    },
  },
  {
    name: 'admits the key of a copied disk again once the kept device has its token',
    breaks: ['clone-gets-own-token', 'suspected-again'],
    alter: (next, inside) => {
      const resolved = nodesAsked(inside, 'resolveClone');
      const settled = new Set<unknown>();
      const first = new Map<unknown, unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const bearer = bearerOf(request);
        const response = await next(request);
        if (!isRegistration(request)) {
          if (!first.has(nodeId)) first.set(nodeId, bearer);
          if (response.ok && resolved.has(nodeId) && first.get(nodeId) !== bearer) settled.add(nodeId);
          return response;
        }
        const isShutOut = response.status === 409 && settled.has(nodeId);
        return isShutOut ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'lets an operator decide only once about copied disks',
    breaks: ['clone-chosen-again', 'clones-remembered'],
    alter: (next, { onAsk }) => {
      const kept = new Map<unknown, unknown>();
      const chosenTwice = new Set<unknown>();
      onAsk((act, { nodeId, bootId }) => {
        if (act !== 'resolveClone') return;
        if (kept.has(nodeId)) chosenTwice.add(nodeId);
        else kept.set(nodeId, bootId);
      });
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        const isOther = chosenTwice.has(nodeId) && kept.get(nodeId) !== bootId;
        return isOther && response.ok ? problem('node-token-unknown') : response;
      };
    },
  },
  {
    name: 'recognises the device that is not to keep the identity by its boot alone',
    breaks: ['clone-stays-out', 'clone-gets-own-token', 'clone-chosen-again', 'clones-remembered', 'suspected-again'],
    alter: (next, inside) => {
      const kept = keptBoots(inside);
      const known = new Set<unknown>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!kept.has(nodeId)) known.add(bootId);
        const isNew = kept.has(nodeId) && !known.has(bootId) && !response.ok;
        return isNew ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
];
