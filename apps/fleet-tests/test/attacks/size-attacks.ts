import { limits } from '@serve.zone/baseos-contracts';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { type Attack, refusals } from './attack.js';
import {
  bearer,
  chunk,
  head,
  heartbeatPath,
  json,
  register,
  registerPath,
  registrationWith,
  request,
} from './request-bytes.js';

/** What is too large, too deep or too long. */
export const sizeAttacks: readonly Attack[] = [
  {
    name: 'a body that is announced as too large, and is not sent',
    bytes: ({ joinToken }) => [
      head(registerPath, { ...bearer(joinToken), ...json, 'Content-Length': limits.bodyMaxBytes + 1 }),
    ],
    refusal: refusals.tooLarge,
  },
  {
    name: 'a body that is too large in chunks',
    bytes: ({ joinToken }) => [
      head(registerPath, { ...bearer(joinToken), ...json, 'Transfer-Encoding': 'chunked' }),
      chunk(limits.bodyMaxBytes),
      chunk(1),
      '0\r\n\r\n',
    ],
    refusal: refusals.tooLarge,
  },
  {
    name: 'an endless body',
    bytes: function* ({ joinToken }) {
      yield head(registerPath, { ...bearer(joinToken), ...json, 'Transfer-Encoding': 'chunked' });
      for (;;) yield chunk(65_536);
    },
    refusal: refusals.tooLarge,
    mayBeCutOff: true,
  },
  {
    name: 'deep nesting',
    bytes: register(registrationWith(`"deep":${'['.repeat(100)}${']'.repeat(100)}`)),
    refusal: refusals.malformed,
  },
  { name: 'absurd nesting', bytes: register('['.repeat(100_000)), refusal: refusals.malformed },
  {
    name: 'a string that is too long',
    bytes: register(registrationWith(`"note":"${'x'.repeat(40_000)}"`)),
    refusal: refusals.malformed,
  },
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
