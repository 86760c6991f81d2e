import { isObject } from '../../src/exchange/answer.js';
import { bearerOf, messageOf, problem, success, textOf } from '../alteration.js';
import type { Fault } from './fault.js';
import { isHeartbeat, listOf, refusing, answering } from './altering-heartbeats.js';

/** Cloudlys that judge the token or the content of a heartbeat wrongly. */
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
  refusing(
    'rejects a status whose words about updates it does not know',
    ['status-of-updates'],
    ({ status }) => isObject(status) && isObject(status['updates']) && status['updates']['mode'] !== 'gated',
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
      'unknown-outcome',
      'largest-results',
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
];
