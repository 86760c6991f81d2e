import { createHash } from 'node:crypto';
import {
  bearerOf,
  changed,
  codeOf,
  type Inside,
  messageOf,
  problem,
  replacing,
  someToken,
  success,
  withBearer,
  withText,
  isRegistration,
} from '../alteration.js';
import type { Fault } from './fault.js';

/** Takes one bad join token for a good one. */
function letsIn(state: 'expired' | 'used' | 'revoked', breaks: string[]): Fault {
  return {
    name: `admits new nodes by a join token that is ${state}`,
    breaks,
    alter:
      (next, { tokens }) =>
      async (request) =>
        next(bearerOf(request) === tokens[state] ? withBearer(request, tokens.good) : request),
  };
}

const upperCaseUuid = /^[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/;

/** Cloudlys that judge registrations wrongly. */
export const registerFaults: Fault[] = [
  {
    name: 'accepts only UUIDs as node IDs',
    breaks: ['chosen-node-id', 'node-id-case-counts'],
    alter: (next) => async (request) => {
      const { nodeId = '' } = await messageOf(request);
      return /^[\w.-]{37,128}$/.test(String(nodeId)) || /Till_/.test(String(nodeId))
        ? problem('malformed-request')
        : next(request);
    },
  },
  {
    name: 'compares every node ID in lower case',
    breaks: ['chosen-node-id', 'node-id-case-counts'],
    alter: (next) => async (request) => {
      const { nodeId, ...message } = await messageOf(request);
      if (typeof nodeId !== 'string' || nodeId === nodeId.toLowerCase()) return next(request);
      return next(withText(request, JSON.stringify({ ...message, nodeId: nodeId.toLowerCase() })));
    },
  },
  {
    name: 'compares UUIDs case-sensitively',
    breaks: ['uuids-in-lower-case'],
    alter: (next) => async (request) => {
      const { nodeId, ...message } = await messageOf(request);
      if (typeof nodeId !== 'string' || !upperCaseUuid.test(nodeId)) return next(request);
      const response = await next(withText(request, JSON.stringify({ ...message, nodeId: `U.${nodeId}` })));
      return changed(response, (json) => ({ ...json, ...(json['nodeId'] !== undefined && { nodeId }) }));
    },
  },
  {
    name: 'compares boot IDs case-sensitively',
    breaks: ['boot-ids-in-lower-case'],
    alter: replacing(/"bootId":"[^"]*[A-F][^"]*"/g, () => `"bootId":"${crypto.randomUUID()}"`),
  },
  {
    name: 'does not say that it accepts a registration',
    breaks: ['new-node', 'readable-answers'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return isRegistration(request) && response.ok
        ? changed(response, ({ accepted, ...json }) => (accepted === false ? { ...json, accepted } : json))
        : response;
    },
  },
  {
    name: 'checks the join token before it validates the request',
    breaks: ['request-judged-first', 'request-judged-before-node'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const isEarly =
        isRegistration(request) && bearerOf(request) === undefined && [400, 413, 415, 422].includes(response.status);
      return isEarly ? problem('join-token-missing') : response;
    },
  },
  {
    name: 'looks a node up before it validates its request',
    breaks: ['request-judged-before-node'],
    alter:
      (next, { store }) =>
      async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isKnown = isRegistration(request) && (await store.findNode(String(nodeId))) !== undefined;
        const isMalformed = response.status === 400 || response.status === 422;
        return isKnown && isMalformed ? success(200, { nodeId, nodeToken: someToken() }) : response;
      },
  },
  {
    name: 'admits a node by its key without a new token',
    breaks: [
      'known-node-by-key',
      'rebind',
      'token-strength',
      'old-token-ends',
      'lost-token-ends',
      'no-secrets-back',
      'clone-next-token-void',
      'late-heartbeat-uses-token',
      'demand-outlasts-token-of-before',
    ],
    alter: (next) => {
      const tokens = new Map<unknown, unknown>();
      const real = new Map<unknown, string>();
      return async (request) => {
        const bearer = bearerOf(request);
        const response = await next(real.has(bearer) ? withBearer(request, real.get(bearer) ?? '') : request);
        if (!isRegistration(request) || !response.ok || response.status === 202) return response;
        return changed(response, (json) => {
          const { nodeId, nodeToken } = json;
          if (!tokens.has(nodeId)) tokens.set(nodeId, nodeToken);
          real.set(tokens.get(nodeId), String(nodeToken));
          return { ...json, nodeToken: tokens.get(nodeId) };
        });
      };
    },
  },
  {
    name: 'takes a restarted node for another one',
    breaks: ['known-node-after-restart', 'rebind', 'rotation-survives-restart', 'rebind-of-pending'],
    alter: (next) => {
      const boots = new Map<unknown, unknown>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (!isRegistration(request) || !response.ok) return response;
        if (!boots.has(nodeId)) boots.set(nodeId, bootId);
        return boots.get(nodeId) === bootId ? response : problem('node-id-taken');
      };
    },
  },
  {
    name: 'checks the join token of a known node',
    breaks: [
      'known-node-unknown-token',
      'known-node-expired-token',
      'known-node-used-token',
      'known-node-revoked-token',
      'uses-are-counted',
    ],
    alter:
      (next, { tokens }) =>
      async (request) => {
        const bearer = bearerOf(request);
        const response = await next(request);
        if (!isRegistration(request) || response.status !== 200 || bearer === undefined) return response;
        return bearer === tokens.good ? response : problem('join-token-unknown');
      },
  },
  {
    name: 'admits nodes without a join token',
    breaks: ['join-token-missing', 'token-judged-before-node-id', 'rebind'],
    alter:
      (next, { tokens }) =>
      async (request) => {
        const isBare = isRegistration(request) && request.method === 'POST' && bearerOf(request) === undefined;
        return next(isBare ? withBearer(request, tokens.good) : request);
      },
  },
  {
    name: 'accepts any text as a join token',
    breaks: ['join-token-unknown', 'token-judged-before-node-id', 'revocation-told-to-the-node-alone'],
    alter:
      (next, { tokens }) =>
      async (request) => {
        const response = await next(request.clone());
        return (await codeOf(response)) === 'join-token-unknown' ? next(withBearer(request, tokens.good)) : response;
      },
  },
  {
    name: 'does not say what is wrong with a join token',
    breaks: ['join-token-expired', 'join-token-used', 'join-token-revoked', 'uses-are-counted'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return /^join-token-(expired|used|revoked)$/.test(String(await codeOf(response)))
        ? problem('join-token-unknown')
        : response;
    },
  },
  {
    name: 'reports that a join token has expired before anything else',
    breaks: ['join-token-used', 'join-token-revoked'],
    alter:
      (next, { tokens }) =>
      async (request) => {
        const response = await next(request);
        const isOther = [tokens.used, tokens.revoked].includes(bearerOf(request) ?? '') && isRegistration(request);
        return response.status === 401 && isOther ? problem('join-token-expired') : response;
      },
  },
  letsIn('expired', ['join-token-expired']),
  letsIn('used', ['join-token-used']),
  letsIn('revoked', ['join-token-revoked']),
  {
    name: 'tells anyone which node IDs are taken',
    breaks: ['token-judged-before-node-id', 'rebind', 'revocation-told-to-the-node-alone'],
    alter:
      (next, { store }) =>
      async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isRefused = isRegistration(request) && response.status === 401;
        return isRefused && (await store.findNode(String(nodeId))) ? problem('node-id-taken') : response;
      },
  },
  {
    name: 'lets a join token holder take over a node',
    breaks: [
      'uuids-in-lower-case',
      'node-id-taken',
      'one-transaction',
      'uses-are-counted',
      'still-pending',
      'rebind',
      'revoked-node-id-stays-taken',
      'rebind-of-revoked',
      'rebind-of-pending',
    ],
    alter: (next, inside) => async (request) => {
      const again = request.clone();
      const response = await next(request);
      if ((await codeOf(response)) !== 'node-id-taken') return response;
      const { nodeId, registrationKey } = await messageOf(again);
      await giveNode(inside, String(nodeId).toLowerCase(), String(registrationKey));
      return next(again);
    },
  },
  {
    name: 'frees the node ID of a node that has sent no heartbeat yet',
    breaks: ['one-transaction', 'still-pending'],
    alter: (next) => {
      const alive = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isRegistration(request)) alive.add(nodeId);
        const isGivenAway = isRegistration(request) && response.status === 409 && !alive.has(nodeId);
        return isGivenAway ? success(201, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'does not recognise the key of a node that has sent no heartbeat yet',
    breaks: [
      'uuids-in-lower-case',
      'known-node-by-key',
      'same-node-at-once',
      'uses-are-counted',
      'approved',
      'token-strength',
      'lost-token-ends',
    ],
    alter: (next) => {
      const alive = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isRegistration(request)) alive.add(nodeId);
        const isUnknown = isRegistration(request) && response.status === 200 && !alive.has(nodeId);
        return isUnknown ? problem('node-id-taken') : response;
      };
    },
  },
  {
    name: 'takes a use of the join token for a repeated registration',
    breaks: ['uses-are-counted'],
    alter: (next) => async (request) => {
      const { nodeId, ...message } = await messageOf(request);
      const again = request.clone();
      const response = await next(request);
      if (isRegistration(again) && response.status === 200) {
        await next(withText(again, JSON.stringify({ ...message, nodeId: crypto.randomUUID() })));
      }
      return response;
    },
  },
  {
    name: 'admits one node more than a join token has uses',
    breaks: ['uses-are-counted'],
    alter: (next, { tokens }) => {
      let isLetIn = false;
      return async (request) => {
        const again = request.clone();
        const response = await next(request);
        const isLast = bearerOf(again) === tokens.counted && (await codeOf(response)) === 'join-token-used' && !isLetIn;
        if (!isLast) return response;
        isLetIn = true;
        return next(withBearer(again, tokens.good));
      };
    },
  },
];

/** Binds a node to another key. */
async function giveNode({ store }: Inside, nodeId: string, registrationKey: string): Promise<void> {
  const node = (await store.findNode(nodeId))?.node;
  if (!node) return;
  const registrationKeyHash = createHash('sha256').update(registrationKey).digest('hex');
  await store.replaceNode({ ...node, registrationKeyHash });
}
