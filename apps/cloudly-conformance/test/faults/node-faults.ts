import {
  bearerOf,
  changed,
  codeOf,
  endpointOf,
  messageOf,
  problem,
  someToken,
  success,
  withText,
} from '../alteration.js';
import type { Fault } from './fault.js';

const isRegistration = (request: Request): boolean => endpointOf(request) === 'register';

/** Cloudlys that do not do what their operator has decided. */
export const nodeFaults: Fault[] = [
  {
    name: 'gives a node a token that waits for approval',
    breaks: ['pending', 'still-pending', 'approved'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.status === 202 ? changed(response, (json) => ({ ...json, nodeToken: someToken() })) : response;
    },
  },
  {
    name: 'does not say when a node that waits for approval shall come again',
    breaks: ['waits-by-retry-after'],
    alter: (next) => async (request) => {
      const response = await next(request);
      if (response.status === 202) response.headers.delete('retry-after');
      return response;
    },
  },
  {
    name: 'asks a node that waits for its join token each time',
    breaks: ['still-pending'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const isBare = !request.headers.has('authorization');
      return response.status === 202 && isBare ? problem('join-token-missing') : response;
    },
  },
  {
    name: 'lets no node in that has ever waited',
    breaks: ['approved'],
    alter: (next) => {
      const waiting = new Map<unknown, Response>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (response.status === 202) waiting.set(nodeId, response.clone());
        return response.status === 200 && isRegistration(request)
          ? (waiting.get(nodeId)?.clone() ?? response)
          : response;
      };
    },
  },
  {
    name: 'tells a revoked node that its token is unknown',
    breaks: ['revoked-heartbeat', 'unrevoked-by-token', 'revoked-next-token'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.status === 410 && !isRegistration(request) ? problem('node-token-unknown') : response;
    },
  },
  {
    name: 'does not name the node that was revoked',
    breaks: ['revoked-heartbeat', 'revoked-registration', 'unrevoked', 'unrevoked-by-token', 'revoked-next-token'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.status === 410 ? changed(response, ({ nodeId: _left, ...json }) => json) : response;
    },
  },
  {
    name: 'lets a revoked node register as if nothing had been',
    breaks: ['revoked-registration', 'unrevoked'],
    alter: (next) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      const isRevoked = response.status === 410 && isRegistration(request);
      return isRevoked ? success(200, { nodeId, nodeToken: someToken() }) : response;
    },
  },
  {
    name: 'knows a revoked node before it looks at the message',
    breaks: ['revoked-after-message'],
    alter: (next, inside) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      if (response.status !== 400 && response.status !== 422) return response;
      const isRevoked = (await inside.store.findNode(String(nodeId)))?.node.revokedAtMs !== undefined;
      return isRevoked ? problem('node-revoked', { nodeId }) : response;
    },
  },
  {
    name: 'tells of a suspicion before a revocation',
    breaks: ['suspected-and-revoked', 'decided-and-revoked'],
    alter: (next) => {
      const suspected = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (response.status === 410 && suspected.has(nodeId)) {
          return isRegistration(request) ? problem('clone-suspected') : success(200, { cloneSuspected: true });
        }
        if (!response.ok || isRegistration(request)) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return json;
        });
      };
    },
  },
  {
    name: 'gives the node ID of a revoked node away',
    breaks: ['revoked-node-id-stays-taken', 'rebind-of-revoked'],
    alter: (next, inside) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      if ((await codeOf(response)) !== 'node-id-taken') return response;
      const isRevoked = (await inside.store.findNode(String(nodeId)))?.node.revokedAtMs !== undefined;
      return isRevoked ? success(201, { nodeId, nodeToken: someToken() }) : response;
    },
  },
  {
    name: 'tells everyone that a node was revoked',
    breaks: ['revocation-told-to-the-node-alone'],
    alter: (next, inside) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      const isRevoked = (await inside.store.findNode(String(nodeId)))?.node.revokedAtMs !== undefined;
      return response.status === 401 && isRevoked ? problem('node-revoked', { nodeId }) : response;
    },
  },
  {
    name: 'never lifts a revocation',
    breaks: ['unrevoked'],
    alter: (next) => {
      const revoked = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (response.status === 410) revoked.add(nodeId);
        const isBack = isRegistration(request) && response.status === 200 && revoked.has(nodeId);
        return isBack ? problem('node-revoked', { nodeId }) : response;
      };
    },
  },
  {
    name: 'voids the tokens of a node that it revokes',
    breaks: ['unrevoked-by-token', 'revoked-next-token'],
    alter: (next) => {
      const voided = new Set<unknown>();
      return async (request) => {
        const bearer = bearerOf(request);
        const response = await next(request);
        if (isRegistration(request)) return response;
        if (response.status === 410) voided.add(bearer);
        return response.ok && voided.has(bearer) ? problem('node-token-unknown') : response;
      };
    },
  },
  {
    name: 'lets another key have the node ID of a revoked node',
    breaks: ['rebind-of-revoked'],
    alter: (next, { store, onAsk }) => {
      const open = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'rebind' && open.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (response.status !== 409 || !open.has(nodeId)) return response;
        const isRevoked = (await store.findNode(String(nodeId)))?.node.revokedAtMs !== undefined;
        return isRevoked ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'lets any number of keys have a node ID after a rebind',
    breaks: ['rebind', 'rebind-of-revoked', 'rebind-of-pending'],
    alter: (next, { onAsk }) => {
      const open = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'rebind' && open.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isTaken = response.status === 409 && open.has(nodeId);
        return isTaken ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'lets the token of before a rebind in until the new one is used',
    breaks: ['rebind'],
    alter: (next, { onAsk }) => {
      const open = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'rebind' && open.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || !open.has(nodeId)) return response;
        if (response.ok) open.delete(nodeId);
        return (await codeOf(response)) === 'node-token-unknown' ? success(200, {}) : response;
      };
    },
  },
  {
    name: 'approves the device that replaces a node which waits',
    breaks: ['rebind-of-pending'],
    alter: (next, { onAsk }) => {
      const open = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'rebind' && open.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isWaiting = response.status === 202 && open.has(nodeId);
        return isWaiting ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'forgets the next token of a node that it revokes',
    breaks: ['revoked-next-token'],
    alter: (next, { onAsk }) => {
      const issued = new Map<unknown, unknown>();
      const forgotten = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'revoke' && forgotten.add(issued.get(nodeId))));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        if (!isRegistration(request)) {
          return forgotten.has(bearerOf(request)) ? problem('node-token-unknown') : next(request);
        }
        const response = await next(request);
        if (response.status !== 200) return response;
        return changed(response, (json) => {
          issued.set(nodeId, json['nodeToken']);
          return json;
        });
      };
    },
  },
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
    name: 'remembers the last process alone that it turned away',
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
    name: 'tells of a decision about copied disks before a revocation',
    breaks: ['decided-and-revoked'],
    alter: (next, { onAsk }) => {
      const kept = new Map<unknown, unknown>();
      onAsk((act, { nodeId, bootId }) => void (act === 'resolveClone' && kept.set(nodeId, bootId)));
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
    alter: (next, { onAsk }) => {
      const decided = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'resolveClone' && decided.add(nodeId)));
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
    name: 'suspects a copied disk as soon as a process of before comes back twice',
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
    name: 'gives new tokens to suspected devices',
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
    name: 'takes the next token of a suspected node into use',
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
    name: 'leaves a token good that was under way when the operator decided about copied disks',
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
    name: 'does not let the earlier one of two devices keep the identity',
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
    name: 'lets the key of a device that replaces one of two in for one process alone',
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
    name: 'lets the device on that shall not keep the identity',
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
    alter: (next, { onAsk }) => {
      const keptBoots = new Map<unknown, unknown>();
      onAsk((act, { nodeId, bootId }) => void (act === 'resolveClone' && keptBoots.set(nodeId, bootId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isShutOut = keptBoots.has(nodeId) && !response.ok;
        return isShutOut ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'takes the own token of the device that stays from the process alone that it was given to',
    breaks: ['clone-gets-own-token', 'suspected-again'],
    alter: (next, { onAsk }) => {
      const kept = new Map<unknown, unknown>();
      const bootOf = new Map<unknown, unknown>();
      onAsk((act, { nodeId, bootId }) => void (act === 'resolveClone' && kept.set(nodeId, bootId)));
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
    name: 'gives the device that stays no token of its own',
    breaks: [
      'clone-gets-own-token',
      'earlier-clone-resolved',
      'clone-next-token-void',
      'suspected-until-decided',
      'suspected-again',
    ],
    alter: (next, { onAsk }) => {
      const resolved = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'resolveClone' && resolved.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!response.ok || !resolved.has(nodeId)) return response;
        return changed(response, ({ nextNodeToken: _left, ...json }) => json);
      };
    },
  },
  {
    name: 'lets the key of a copied disk in again once the device that stays has its token',
    breaks: ['clone-gets-own-token', 'suspected-again'],
    alter: (next, { onAsk }) => {
      const resolved = new Set<unknown>();
      const settled = new Set<unknown>();
      const first = new Map<unknown, unknown>();
      onAsk((act, { nodeId }) => void (act === 'resolveClone' && resolved.add(nodeId)));
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
    name: 'lets an operator decide once about copied disks',
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
    name: 'knows the device that shall not keep the identity by its boot alone',
    breaks: ['clone-stays-out', 'clone-gets-own-token', 'clone-chosen-again', 'clones-remembered', 'suspected-again'],
    alter: (next, { onAsk }) => {
      const keptBoots = new Map<unknown, unknown>();
      const known = new Set<unknown>();
      onAsk((act, { nodeId, bootId }) => void (act === 'resolveClone' && keptBoots.set(nodeId, bootId)));
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!keptBoots.has(nodeId)) known.add(bootId);
        const isNew = keptBoots.has(nodeId) && !known.has(bootId) && !response.ok;
        return isNew ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'suspects a node for ever',
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

/** Suspects a node when a process of before comes back with another sequence, a while after its first return. */
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
