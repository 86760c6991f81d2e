import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { type Attack, refusals } from './attack.js';
import { head, heartbeatPath, registerPath, request } from './request-bytes.js';

/** What is too large or too long, apart from a body. */
export const sizeAttacks: readonly Attack[] = [
  {
    name: 'a number that is infinite',
    bytes: ({ strangersToken }) =>
      request(
        heartbeatPath,
        strangersToken,
        JSON.stringify(createEmulatedNode().heartbeat()).replace('"sequence":1', '"sequence":1e999'),
      ),
    refusal: refusals.malformed,
  },
  {
    name: 'a header of 32 KiB',
    bytes: () => [head(registerPath, { 'X-Padding': 'x'.repeat(32_768) })],
    refusal: [431],
  },
  {
    name: 'a thousand headers of 100 bytes',
    bytes: () => [
      head(
        registerPath,
        Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`X-${index}`, 'x'.repeat(92)])),
      ),
    ],
    refusal: [431],
  },
  { name: 'a path of 32 KiB', bytes: () => [head(`/${'x'.repeat(32_768)}`, {})], refusal: [431] },
];
