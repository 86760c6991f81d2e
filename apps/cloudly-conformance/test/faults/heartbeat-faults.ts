import { isObject } from '../../src/exchange/answer.js';
import {
  bearerOf,
  changed,
  endpointOf,
  type Fetch,
  messageOf,
  problem,
  replacing,
  someToken,
  success,
  textOf,
  withBearer,
  withText,
} from '../alteration.js';
import { altering } from './altering.js';
import type { Fault } from './fault.js';

function isHeartbeat(request: Request): boolean {
  return endpointOf(request) === 'heartbeat';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Rejects heartbeats by their content. */
function refusing(name: string, breaks: string[], isRefused: (message: Record<string, unknown>) => boolean): Fault {
  return {
    name,
    breaks,
    alter: (next) => async (request) =>
      isHeartbeat(request) && isRefused(await messageOf(request)) ? problem('malformed-request') : next(request),
  };
}

/** Answers heartbeats otherwise. */
function answering(
  name: string,
  breaks: string[],
  change: (json: Record<string, unknown>) => Record<string, unknown>,
): Fault {
  return altering(
    name,
    breaks,
    (response, request) => isHeartbeat(request) && response.ok,
    (response) => changed(response, change),
  );
}

/** Cloudlys that judge heartbeats wrongly. */
export const heartbeatFaults: Fault[] = [
  answering(
    'does not say that it accepts a heartbeat',
    ['first-heartbeat', 'readable-answers'],
    ({ accepted: _left, ...json }) => json,
  ),
  refusing(
    'demands vitals that a node may not know',
    ['minimal-heartbeat'],
    ({ vitals }) => isObject(vitals) && vitals['failedHeartbeats'] === 1 && vitals['load1'] === undefined,
  ),
  refusing(
    'refuses a reading out of its bounds',
    ['unusable-reading'],
    ({ vitals }) => isObject(vitals) && Number(vitals['load1']) < 0,
  ),
  refusing('rejects a list because of one bad item', ['poison-item', 'command-done'], ({ commandResults }) =>
    listOf(commandResults).includes(7),
  ),
  refusing(
    'refuses results for commands that it never gave',
    [
      'poison-item',
      'unknown-results',
      'commands-at-a-time',
      'command-done',
      'foreign-result',
      'command-cancelled',
      'command-ids-in-lower-case',
      'late-results',
    ],
    ({ commandResults }) => listOf(commandResults).length > 0,
  ),
  {
    name: 'accepts a join token as a node token',
    breaks: ['no-node-token'],
    alter:
      (next, { tokens }) =>
      async (request) =>
        isHeartbeat(request) && request.method === 'POST' && bearerOf(request) === tokens.good
          ? success(200, {})
          : next(request),
  },
  {
    name: 'accepts any node’s token for any node',
    breaks: ['token-of-another-node', 'revocation-told-to-the-node-alone'],
    alter: (next) => {
      const owners = new Map<string, unknown>();
      return async (request) => {
        const bearer = bearerOf(request) ?? '';
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request)) return response;
        if (response.ok) owners.set(bearer, nodeId);
        const isOther = response.status === 401 && owners.has(bearer) && owners.get(bearer) !== nodeId;
        return isOther ? success(200, {}) : response;
      };
    },
  },
  {
    name: 'waits for the body before it checks the token',
    breaks: ['token-before-body'],
    timeoutMs: 400,
    alter: (next) => async (request) => {
      if (isHeartbeat(request) && request.method === 'POST') await request.clone().arrayBuffer();
      return next(request);
    },
  },
  {
    name: 'validates the body before the token',
    breaks: ['token-before-body'],
    alter: (next) => async (request) => {
      const text = await textOf(request);
      const response = await next(request);
      return response.status === 401 && text === 'nonsense' ? problem('malformed-request') : response;
    },
  },
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
  {
    name: 'counts a token in flight as the one that an operator demands',
    breaks: ['demand-outlasts-token-of-before'],
    alter: (next) => {
      const underWay = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request)) {
          if (response.status === 200) underWay.add(nodeId);
          return response;
        }
        if (!response.ok || !underWay.has(nodeId)) return response;
        return changed(response, ({ nextNodeToken: _left, ...json }) => json);
      };
    },
  },
  {
    name: 'issues short tokens',
    breaks: ['token-strength'],
    alter: (next) => {
      const real = new Map<unknown, string>();
      return async (request) => {
        const token = real.get(bearerOf(request));
        const response = await next(token === undefined ? request : withBearer(request, token));
        if (!response.ok) return response;
        return changed(response, (json) => {
          const [name = '', long] = Object.entries(json).find(([key]) => /nodeToken$/i.test(key)) ?? [];
          if (typeof long !== 'string') return json;
          const short = long.slice(-12);
          real.set(short, long);
          return { ...json, [name]: short };
        });
      };
    },
  },
  {
    name: 'voids the current token when it issues another one',
    breaks: ['old-token-until-new-is-used', 'demand-outlasts-token-of-before'],
    alter: (next) => {
      const newest = new Map<unknown, unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (isHeartbeat(request)) {
          const isOld = newest.has(nodeId) && newest.get(nodeId) !== bearerOf(request);
          return response.ok && isOld ? problem('node-token-unknown') : response;
        }
        if (response.status !== 200) return response;
        return changed(response, (json) => {
          newest.set(nodeId, json['nodeToken']);
          return json;
        });
      };
    },
  },
  {
    name: 'accepts every token that it has ever issued to a node',
    breaks: [
      'old-token-ends',
      'lost-token-ends',
      'next-node-token',
      'rebind',
      'database-restored',
      'late-heartbeat-uses-token',
      'demand-outlasts-token-of-before',
    ],
    alter: (next) => {
      const owners = new Map<unknown, unknown>();
      return async (request) => {
        const bearer = bearerOf(request);
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (isHeartbeat(request)) {
          if (response.ok) owners.set(bearer, nodeId);
          const isOwn = response.status === 401 && owners.has(bearer) && owners.get(bearer) === nodeId;
          return isOwn ? success(200, {}) : response;
        }
        if (!response.ok) return response;
        return changed(response, (json) => {
          owners.set(json['nodeToken'], nodeId);
          return json;
        });
      };
    },
  },
  answering(
    'never offers a new token',
    ['next-node-token', 'rotation-survives-restart', 'demand-outlasts-token-of-before'],
    ({ nextNodeToken: _left, ...json }) => json,
  ),
  {
    name: 'lists a command only once',
    breaks: ['command-listed', 'foreign-result', 'command-runs-out', 'commands-at-a-time'],
    alter: (next) => {
      const listed = new Set<unknown>();
      return async (request) => {
        const response = await next(request);
        if (!response.ok) return response;
        return changed(response, ({ desiredState, ...json }) => {
          const id = JSON.stringify(desiredState);
          if (desiredState === undefined || listed.has(id)) return json;
          listed.add(id);
          return { ...json, desiredState };
        });
      };
    },
  },
  {
    name: 'gives the full time of a command each time',
    breaks: ['command-runs-out'],
    alter: (next) => {
      const wholeMs = new Map<unknown, unknown>();
      return async (request) => {
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, ({ desiredState, ...json }) => {
          if (!isObject(desiredState)) return json;
          const commands = listOf(desiredState['commands']).filter(isObject);
          for (const command of commands) {
            const { id, expiresInMs } = command;
            if (!wholeMs.has(id)) wholeMs.set(id, expiresInMs);
            command['expiresInMs'] = wholeMs.get(id);
          }
          return { ...json, desiredState: { commands } };
        });
      };
    },
  },
  {
    name: 'lists the newest command first',
    breaks: ['commands-at-a-time'],
    alter: (next, { onAsk }) => {
      const full = new Set<unknown>();
      const queued = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'queueCommand' && full.has(nodeId) && queued.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, (json) => {
          const { desiredState } = json;
          const commands = isObject(desiredState) ? listOf(desiredState['commands']) : [];
          if (commands.length === 16) full.add(nodeId);
          if (!queued.delete(nodeId)) return json;
          const newest = { id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 };
          return { ...json, desiredState: { commands: [newest, ...commands.slice(0, -1)] } };
        });
      };
    },
  },
  {
    name: 'lists a command to every node',
    breaks: ['command-for-its-node'],
    alter: (next) => {
      let latest: unknown;
      return async (request) => {
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, (json) => {
          latest = json['desiredState'] ?? latest;
          return latest === undefined ? json : { ...json, desiredState: latest };
        });
      };
    },
  },
  answering(
    'lists one command more than it may',
    ['commands-at-a-time', 'desired-state-in-bounds'],
    ({ desiredState, ...json }) => {
      if (!isObject(desiredState)) return json;
      const commands = listOf(desiredState['commands']);
      const more = commands.length === 16 ? [{ id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 }] : [];
      return { ...json, desiredState: { commands: [...commands, ...more] } };
    },
  ),
  {
    name: 'forgets results',
    breaks: ['commands-at-a-time', 'command-done', 'command-ids-in-lower-case', 'late-results'],
    alter: replacing('"commandResults"', '"forgotten"'),
  },
  {
    name: 'compares command IDs case-sensitively',
    breaks: ['command-ids-in-lower-case'],
    alter: replacing(/"id":"[^"]*[A-F][^"]*"/g, () => `"id":"${crypto.randomUUID()}"`),
  },
  {
    name: 'forgets the results of a late heartbeat',
    breaks: ['late-results'],
    alter: (next) => {
      const sequences = new Map<unknown, number>();
      return async (request) => {
        const { commandResults, ...message } = await messageOf(request);
        const { bootId, sequence } = message;
        const isLate = Number(sequence) <= (sequences.get(bootId) ?? 0);
        sequences.set(bootId, Math.max(Number(sequence) || 0, sequences.get(bootId) ?? 0));
        return next(isLate && commandResults ? withText(request, JSON.stringify(message)) : request);
      };
    },
  },
  {
    name: 'accepts any node’s result for a command',
    breaks: ['foreign-result'],
    alter: (next) => {
      const done = new Set<unknown>();
      return async (request) => {
        const { commandResults } = await messageOf(request);
        for (const result of listOf(commandResults)) if (isObject(result)) done.add(result['id']);
        const response = await next(request);
        return response.ok ? changed(response, (json) => withoutCommands(json, done)) : response;
      };
    },
  },
  {
    name: 'keeps listing a cancelled command',
    breaks: ['command-cancelled'],
    alter: (next, { onAsk }) => {
      const cancelled = new Map<unknown, unknown>();
      onAsk((act, { nodeId, commandId: id }) => {
        if (act === 'cancelCommand') cancelled.set(nodeId, { id, kind: 'blink', expiresInMs: 1000 });
      });
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok || !cancelled.has(nodeId)) return response;
        return changed(response, (json) => ({ ...json, desiredState: { commands: [cancelled.get(nodeId)] } }));
      };
    },
  },
  {
    name: 'knows no earlier token after a restore',
    breaks: ['still-there'],
    isLate: true,
    alter: (next, { onAsk }) => {
      const isNew = new Set<unknown>();
      let isRestored = false;
      onAsk((act) => void (isRestored ||= act === 'restore'));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        if (isRestored && !isHeartbeat(request)) isNew.add(nodeId);
        const isLost = isRestored && isHeartbeat(request) && !isNew.has(nodeId);
        return isLost ? problem('node-token-unknown') : next(request);
      };
    },
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

function withoutCommands(json: Record<string, unknown>, done: ReadonlySet<unknown>): Record<string, unknown> {
  const { desiredState, ...rest } = json;
  if (!isObject(desiredState)) return json;
  const commands = listOf(desiredState['commands']).filter((command) => isObject(command) && !done.has(command['id']));
  return { ...rest, desiredState: { commands } };
}
