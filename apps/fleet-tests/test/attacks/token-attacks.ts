import { type Attack, refusals } from './attack.js';
import { heartbeatPath, newRegistration, registerPath, request, sqlInjection } from './request-bytes.js';

/** What is done with tokens that are not for that. */
export const tokenAttacks: readonly Attack[] = [
  {
    name: 'a heartbeat of a node by the token of another one',
    bytes: ({ victim, strangersToken }) => request(heartbeatPath, strangersToken, JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
  {
    name: 'a heartbeat by a join token',
    bytes: ({ victim, joinToken }) => request(heartbeatPath, joinToken, JSON.stringify(victim.heartbeat())),
    refusal: refusals.unknownNodeToken,
  },
  {
    name: 'a heartbeat by a guess in the form of a token',
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
    name: 'a registration by a join token in the place of a node',
    bytes: ({ victim, joinToken }) =>
      request(registerPath, joinToken, JSON.stringify({ ...newRegistration(), nodeId: victim.nodeId })),
    refusal: [409, 'node-id-taken'],
  },
  {
    name: 'a registration by the token of a node',
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
