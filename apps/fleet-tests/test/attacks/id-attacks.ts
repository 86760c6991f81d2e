import { type Attack, refusals } from './attack.js';
import { newRegistration, register, sqlInjection } from './request-bytes.js';

/** What is no ID of a node. */
export const idAttacks: readonly Attack[] = [
  {
    name: 'SQL as a node ID',
    bytes: register(JSON.stringify({ ...newRegistration(), nodeId: sqlInjection })),
    refusal: refusals.malformed,
  },
  {
    name: 'a path as a node ID',
    bytes: register(JSON.stringify({ ...newRegistration(), nodeId: '../../etc/passwd' })),
    refusal: refusals.malformed,
  },
];
