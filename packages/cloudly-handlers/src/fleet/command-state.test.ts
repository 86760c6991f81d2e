import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommandState, commandState, isCommandOver } from './command-state.js';
import { stores } from '../../test/fixtures/stores.js';
import { addNode, commandRecord, nodeRecord, NOW_MS, progress } from '../stores/suite/fixtures.js';

const EXPIRES_IN_MS = 100;
const ENDS_IN_MS = 300;

type Step =
  | { kind: 'wait'; durationMs: number }
  | { kind: 'name'; phase: 'waiting-for-lock' | 'installing' }
  | { kind: 'result'; outcome: string }
  | { kind: 'offer' | 'cancel' | 'end' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), durationMs: fc.constantFrom(1, 99, 100, 200) }),
  fc.record({
    kind: fc.constant('name' as const),
    phase: fc.constantFrom('waiting-for-lock' as const, 'installing' as const),
  }),
  fc.record({
    kind: fc.constant('result' as const),
    outcome: fc.constantFrom('succeeded', 'refused', 'of-a-newer-node'),
  }),
  fc.record({ kind: fc.constantFrom('offer' as const, 'cancel' as const, 'end' as const) }),
);

/** What the contract says of a command, without a store. */
function expected(steps: readonly Step[]): CommandState {
  let ageMs = 0;
  let outcome: string | undefined;
  let phase: string | undefined;
  let isListed = false;
  let isWithdrawn = false;
  let isEnded = false;
  const isTimeUp = () => ageMs >= (isListed ? ENDS_IN_MS : EXPIRES_IN_MS);
  for (const one of steps) {
    if (one.kind === 'wait') ageMs += one.durationMs;
    if (one.kind === 'result') outcome ??= one.outcome;
    if (one.kind === 'name' && outcome === undefined) [phase, isListed] = [one.phase, true];
    const isDue = ageMs < EXPIRES_IN_MS && !isWithdrawn && outcome === undefined;
    if (one.kind === 'offer' && isDue) isListed = true;
    if (one.kind === 'cancel' && isDue) isWithdrawn = true;
    // What the clock has ended stays so until a result comes, even if the node names it afterwards.
    if (one.kind === 'end' && outcome === undefined && isTimeUp()) isEnded = true;
  }
  if (outcome !== undefined) return outcome === 'of-a-newer-node' ? 'unknown' : (outcome as CommandState);
  if (isWithdrawn && phase !== 'installing') return 'cancelled';
  if (isEnded || isTimeUp()) return isListed ? 'unknown' : 'expired';
  if (phase !== undefined) return 'running';
  return isListed ? 'listed' : 'queued';
}

describe.for(stores)('the state of a command, on $name', ({ openStore }) => {
  test('follows from what became of it, in whatever order that came, and is an end in the end', async () => {
    const store = await openStore();
    await addNode(store, nodeRecord('n'));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const id = `c${(count += 1)}`;
        const times = { expiresAtMs: NOW_MS + EXPIRES_IN_MS, endsAtMs: NOW_MS + ENDS_IN_MS };
        await store.addCommand('n', commandRecord(id, times));
        let nowMs = NOW_MS;
        let [taken, ended] = [0, 0];
        const end = async (): Promise<void> => {
          const all = await store.endCommands(nowMs, 10_000);
          ended += all.filter(({ command }) => command.id === id).length;
        };
        for (const one of steps) {
          if (one.kind === 'wait') nowMs += one.durationMs;
          if (one.kind === 'name') await store.saveProgress('n', id, progress(one.phase, nowMs));
          if (one.kind === 'offer') await store.offerCommands('n', nowMs, 10_000);
          if (one.kind === 'cancel') await store.cancelCommand('n', id, nowMs);
          if (one.kind === 'end') await end();
          if (one.kind === 'result') {
            taken += (await store.saveCommandResults('n', [{ id, outcome: one.outcome }], nowMs)).length;
          }
        }
        const find = () => store.findCommand('n', id);
        const command = await find();
        expect(command && commandState(command, nowMs)).toBe(expected(steps));
        expect(taken).toBe(steps.some(({ kind }) => kind === 'result') ? 1 : 0);
        nowMs += ENDS_IN_MS;
        await end();
        await end();
        const over = await find();
        expect(over && isCommandOver(commandState(over, nowMs))).toBe(true);
        // A command that got its result in time was not ended by the clock.
        expect(ended).toBe(over?.endedAtMs === undefined ? 0 : 1);
        expect(ended + taken).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});
