import { bearerOf, changed, messageOf, problem, success, withBearer } from '../alteration.js';
import type { Fault } from './fault.js';
import { isHeartbeat, answering } from './altering-heartbeats.js';

/** Cloudlys that issue, accept or end node tokens wrongly. */
export const nodeTokenFaults: Fault[] = [
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
