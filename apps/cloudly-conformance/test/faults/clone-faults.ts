import {
  bearerOf,
  changed,
  codeOf,
  keptBoots,
  messageOf,
  nodesAsked,
  problem,
  someToken,
  success,
  withText,
  isRegistration,
} from '../alteration.js';
import type { Fault } from './fault.js';

/** Cloudlys that mishandle copied disks, or an operator's decision about them. */
export const cloneFaults: Fault[] = [
  suspectingLate('counts a late request of any sequence for a return', ['late-requests-suspect-nobody'], {
    apartMs: 60_000,
    isOfAnySequence: true,
  }),
  suspectingLate('suspects a copied disk after half a minute', ['minute-from-first-return'], {
    apartMs: 30_000,
    isOfAnySequence: false,
  }),
  {
    name: 'drops the results of suspected devices',
    breaks: ['suspected-until-decided'],
    alter: (next) => {
      const suspected = new Set<unknown>();
      return async (request) => {
        const { commandResults, ...message } = await messageOf(request);
        const { nodeId } = message;
        const isDropped = suspected.has(nodeId) && commandResults !== undefined;
        const response = await next(isDropped ? withText(request, JSON.stringify(message)) : request);
        if (isRegistration(request) || !response.ok) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return json;
        });
      };
    },
  },
  {
    name: 'forgets a suspicion when a revocation is lifted',
    breaks: ['suspected-and-unrevoked'],
    alter: (next, { store, onAsk }) => {
      const lifted = new Set<string>();
      onAsk((act, { nodeId = '' }) => void (act === 'unrevoke' && lifted.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const node = lifted.delete(String(nodeId)) ? (await store.findNode(String(nodeId)))?.node : undefined;
        if (node) {
          const { cloneSuspectedAtMs: _forgotten, ...rest } = node;
          await store.replaceNode(rest);
        }
        return next(request);
      };
    },
  },
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
    name: 'does not suspect copied disks',
    breaks: [
      'clone-suspected',
      'clone-resolved',
      'minute-from-first-return',
      'suspected-and-unrevoked',
      'suspected-again',
    ],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.ok ? changed(response, ({ cloneSuspected: _left, ...json }) => json) : response;
    },
  },
  {
    name: 'suspects a copied disk after one late request',
    breaks: ['late-boot'],
    alter: (next) => {
      const boots = new Map<unknown, unknown[]>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        boots.set(nodeId, [...seen, bootId]);
        const isLate = seen.includes(bootId) && seen.at(-1) !== bootId;
        return isLate ? changed(response, (json) => ({ ...json, cloneSuspected: true })) : response;
      };
    },
  },
  {
    name: 'suspects a copied disk as soon as an earlier process returns twice',
    breaks: ['no-clone-suspected', 'late-requests-suspect-nobody', 'minute-from-first-return'],
    alter: (next, { onAsk }) => {
      const boots = new Map<unknown, unknown[]>();
      const returns = new Map<unknown, number>();
      onAsk((act, { nodeId }) => {
        if (act === 'resolveClone' || act === 'rebind') returns.delete(nodeId);
      });
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        if (seen.includes(bootId) && seen.at(-1) !== bootId) returns.set(nodeId, (returns.get(nodeId) ?? 0) + 1);
        else if (!seen.includes(bootId)) boots.set(nodeId, [...seen, bootId]);
        const isBack = (returns.get(nodeId) ?? 0) >= 2;
        return isBack ? changed(response, (json) => ({ ...json, cloneSuspected: true })) : response;
      };
    },
  },
  {
    name: 'issues new tokens to suspected devices',
    breaks: ['suspected-gets-no-tokens', 'suspected-until-decided'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.ok
        ? changed(response, (json) => ({
            ...json,
            ...(json['cloneSuspected'] === true && { nextNodeToken: someToken() }),
          }))
        : response;
    },
  },
  {
    name: 'gives commands to suspected devices',
    breaks: ['suspected-gets-no-tokens', 'suspected-until-decided'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const desiredState = { commands: [{ id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 }] };
      return response.ok
        ? changed(response, (json) => ({ ...json, ...(json['cloneSuspected'] === true && { desiredState }) }))
        : response;
    },
  },
  {
    name: 'lets suspected devices register',
    breaks: ['suspected-gets-no-tokens', 'suspected-and-unrevoked', 'suspected-again'],
    alter: (next) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      const isSuspected = (await codeOf(response)) === 'clone-suspected';
      return isSuspected ? success(200, { nodeId, nodeToken: someToken() }) : response;
    },
  },
  {
    name: 'activates the next token of a suspected node',
    breaks: ['suspected-keeps-its-tokens'],
    alter: (next) => {
      const firstTokens = new Map<unknown, unknown>();
      const voided = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const bearer = bearerOf(request);
        if (isRegistration(request)) return next(request);
        if (voided.has(bearer)) return problem('node-token-unknown');
        const response = await next(request);
        if (!response.ok) return response;
        if (!firstTokens.has(nodeId)) firstTokens.set(nodeId, bearer);
        return changed(response, (json) => {
          const first = firstTokens.get(nodeId);
          if (json['cloneSuspected'] === true && first !== bearer) voided.add(first);
          return json;
        });
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
    name: 'suspects the device that replaces a suspected node',
    breaks: ['rebind-ends-suspicion'],
    alter: (next, { onAsk }) => {
      const suspected = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'resolveClone' && suspected.delete(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!response.ok || isRegistration(request)) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return { ...json, ...(suspected.has(nodeId) && { cloneSuspected: true }) };
        });
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
  {
    name: 'suspects a node forever',
    breaks: ['clone-resolved', 'rebind-ends-suspicion'],
    alter: (next) => {
      const suspected = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || !response.ok) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return { ...json, ...(suspected.has(nodeId) && { cloneSuspected: true }) };
        });
      };
    },
  },
];

/** Suspects a node when an earlier process returns with another sequence, some time after its first return. */
function suspectingLate(
  name: string,
  breaks: string[],
  { apartMs, isOfAnySequence }: { apartMs: number; isOfAnySequence: boolean },
): Fault {
  return {
    name,
    breaks,
    alter: (next) => {
      const boots = new Map<unknown, { bootId: unknown; highest: number }[]>();
      const returns = new Map<unknown, { sequence: number; atMs: number }>();
      return async (request) => {
        const message = await messageOf(request);
        const { nodeId, bootId } = message;
        const sequence = Number(message['sequence']);
        const response = await next(request);
        if (isRegistration(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        const boot = seen.find((known) => known.bootId === bootId);
        if (!boot) boots.set(nodeId, [...seen, { bootId, highest: sequence }]);
        const isLate = boot !== undefined && seen.at(-1) !== boot;
        if (boot && !isLate) boot.highest = Math.max(boot.highest, sequence);
        if (!isLate || (sequence <= boot.highest && !isOfAnySequence)) return response;
        return changed(response, (json) => {
          const atMs = Date.parse(String(json['serverTime']));
          const first = returns.get(bootId) ?? { sequence, atMs };
          returns.set(bootId, first);
          const isBack = sequence > first.sequence && atMs - first.atMs >= apartMs;
          return { ...json, ...(isBack && { cloneSuspected: true }) };
        });
      };
    },
  };
}
