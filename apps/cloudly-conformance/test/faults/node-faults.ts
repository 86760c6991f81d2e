import {
  bearerOf,
  changed,
  codeOf,
  messageOf,
  nodesAsked,
  problem,
  someToken,
  success,
  isRegistration,
} from '../alteration.js';
import type { Fault } from './fault.js';

/** Cloudlys that do not follow their operator's decisions. */
export const nodeFaults: Fault[] = [
  {
    name: 'issues a token to a node that waits for approval',
    breaks: ['pending', 'still-pending', 'approved'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.status === 202 ? changed(response, (json) => ({ ...json, nodeToken: someToken() })) : response;
    },
  },
  {
    name: 'does not say when a node that waits for approval should retry',
    breaks: ['waits-by-retry-after'],
    alter: (next) => async (request) => {
      const response = await next(request);
      if (response.status === 202) response.headers.delete('retry-after');
      return response;
    },
  },
  {
    name: 'requires the join token of a waiting node each time',
    breaks: ['still-pending'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const isBare = !request.headers.has('authorization');
      return response.status === 202 && isBare ? problem('join-token-missing') : response;
    },
  },
  {
    name: 'never admits a node that has waited',
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
    name: 'lets a revoked node register normally',
    breaks: ['revoked-registration', 'unrevoked'],
    alter: (next) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      const isRevoked = response.status === 410 && isRegistration(request);
      return isRevoked ? success(200, { nodeId, nodeToken: someToken() }) : response;
    },
  },
  {
    name: 'reports a revocation before it validates the message',
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
    name: 'reports a suspicion before a revocation',
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
    name: 'frees the node ID of a revoked node',
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
    name: 'lets another key take the node ID of a revoked node by a rebind',
    breaks: ['rebind-of-revoked'],
    alter: (next, inside) => {
      const open = nodesAsked(inside, 'rebind');
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (response.status !== 409 || !open.has(nodeId)) return response;
        const isRevoked = (await inside.store.findNode(String(nodeId)))?.node.revokedAtMs !== undefined;
        return isRevoked ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'lets any number of keys take a node ID after a rebind',
    breaks: ['rebind', 'rebind-of-revoked', 'rebind-of-pending'],
    alter: (next, inside) => {
      const open = nodesAsked(inside, 'rebind');
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        const isTaken = response.status === 409 && open.has(nodeId);
        return isTaken ? success(200, { nodeId, nodeToken: someToken() }) : response;
      };
    },
  },
  {
    name: 'accepts the token from before a rebind until the new one is used',
    breaks: ['rebind'],
    alter: (next, inside) => {
      const open = nodesAsked(inside, 'rebind');
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
    name: 'approves the device that replaces a waiting node',
    breaks: ['rebind-of-pending'],
    alter: (next, inside) => {
      const open = nodesAsked(inside, 'rebind');
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
];
