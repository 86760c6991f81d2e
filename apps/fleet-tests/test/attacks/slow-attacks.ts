import { setTimeout as pause } from 'node:timers/promises';
import { type Attack, refusals } from './attack.js';
import type { Bytes } from './raw-exchange.js';
import { bearer, head, json, registerPath } from './request-bytes.js';

/** The server abandons each after its time limit. They take that long, so they run beside the others. */
export const slowAttacks: readonly Attack[] = [
  {
    name: 'headers that arrive one byte at a time',
    bytes: async function* ({ joinToken }) {
      yield* aByteAtATime(head(registerPath, { ...bearer(joinToken), 'X-Padding': 'x'.repeat(10_000) }));
    },
    refusal: [408],
  },
  {
    name: 'a body that arrives one byte at a time',
    bytes: async function* ({ joinToken }) {
      yield head(registerPath, { ...bearer(joinToken), ...json, 'Content-Length': 10_000 });
      yield* aByteAtATime(' '.repeat(10_000));
    },
    refusal: refusals.malformed,
  },
];

async function* aByteAtATime(text: string): AsyncGenerator<Bytes> {
  for (const byte of text) {
    yield byte;
    await pause(100);
  }
}
