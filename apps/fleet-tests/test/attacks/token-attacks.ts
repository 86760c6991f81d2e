import { type Attack, refusals } from './attack.js';
import { heartbeatPath, newRegistration, registerPath, request, sqlInjection } from './request-bytes.js';

/** What is done with tokens that are not for that. */
export const tokenAttacks: readonly Attack[] = [
  {
    name: 'a heartbeat with the token of another node',
    bytes: ({ victim, strangersToken }) => request(heartbeatPath, strangersToken, JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
  {
    name: 'a heartbeat with a join token',
    bytes: ({ victim, joinToken }) => request(heartbeatPath, joinToken, JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
  {
    name: 'a heartbeat with a well-formed guessed token',
    bytes: ({ victim }) =>
      request(heartbeatPath, `bnt_${'A'.repeat(11)}_${'B'.repeat(49)}`, JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
  {
    name: 'a heartbeat without a token',
    bytes: ({ victim }) => request(heartbeatPath, '', JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
  {
    name: 'a registration with a join token under the ID of another node',
    bytes: ({ victim, joinToken }) =>
      request(registerPath, joinToken, JSON.stringify({ ...newRegistration(), nodeId: victim.nodeId })),
    refusal: [409, 'node-id-taken'],
  },
  {
    name: 'a registration with a node token',
    bytes: ({ strangersToken }) => request(registerPath, strangersToken, JSON.stringify(newRegistration())),
    refusal: [401, 'join-token-unknown'],
  },
  {
    name: 'SQL as a join token',
    bytes: () =>
      request(registerPath, `bjt_${sqlInjection.replaceAll(' ', '/**/')}`, JSON.stringify(newRegistration())),
    refusal: [401, 'join-token-unknown'],
  },
  {
    name: 'SQL as a node token',
    bytes: ({ victim }) => request(heartbeatPath, `'/**/OR/**/1=1--`, JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
];
