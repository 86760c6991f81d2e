import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommandState, commandState } from './command-state.js';
import { stores } from '../../test/fixtures/stores.js';
import { addNode, commandRecord, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';

const EXPIRES_IN_MS = 100;

type Step = { kind: 'wait'; durationMs: number } | { kind: 'offer' } | { kind: 'cancel' } | { kind: 'result' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), durationMs: fc.constantFrom(1, 99, 100) }),
  fc.record({ kind: fc.constantFrom('offer' as const, 'cancel' as const, 'result' as const) }),
);

/** What the contract says of a command, without a store. */
function expected(steps: readonly Step[]): CommandState {
  let ageMs = 0;
  const seen = new Set<Step['kind']>();
  for (const one of steps) {
    const isDue = ageMs < EXPIRES_IN_MS && !seen.has('cancel') && !seen.has('result');
    if (one.kind === 'wait') ageMs += one.durationMs;
    else if (one.kind !== 'offer' || isDue) seen.add(one.kind);
  }
  if (seen.has('result')) return 'finished';
  if (seen.has('cancel')) return 'cancelled';
  if (ageMs >= EXPIRES_IN_MS) return 'expired';
  return seen.has('offer') ? 'listed' : 'queued';
}

describe.for(stores)('the state of a command, on $name', ({ openStore }) => {
  test('follows from its history, in whatever order events arrived', async () => {
    const store = await openStore();
    await addNode(store, nodeRecord('n'));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const id = `c${(count += 1)}`;
        await store.addCommand('n', commandRecord(id, { expiresAtMs: NOW_MS + EXPIRES_IN_MS }));
        let nowMs = NOW_MS;
        let taken = 0;
        for (const one of steps) {
          if (one.kind === 'wait') nowMs += one.durationMs;
          if (one.kind === 'offer') await store.offerCommands('n', nowMs, 10_000);
          if (one.kind === 'cancel') await store.cancelCommand('n', id, nowMs);
          if (one.kind === 'result') {
            taken += (await store.saveCommandResults('n', [{ id, outcome: 'succeeded' }], nowMs)).length;
          }
        }
        const command = (await store.listCommands('n', 10_000)).find((kept) => kept.id === id);
        expect(command && commandState(command, nowMs)).toBe(expected(steps));
        expect(taken).toBe(steps.some(({ kind }) => kind === 'result') ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });
});
