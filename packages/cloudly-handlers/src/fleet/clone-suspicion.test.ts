import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAcceptedByKey, isAcceptedByToken, keepBoot, recordReturn, rivalBoots } from './clone-suspicion.js';
import type { NodeRecord } from './node-record.js';
import { recordBoot } from './node-transition.js';
import { nodeRecord } from '../stores/suite/fixtures.js';

interface Heard {
  bootId: string;
  sequence: number;
  afterMs: number;
}

/** What Cloudly makes of heartbeats in the order in which they come. */
function hear(heard: readonly Heard[]): NodeRecord {
  let node = nodeRecord('n', { bootId: 'boot-0' });
  let lastHeartbeat: { bootId: string; sequence: number; receivedAtMs: number; expectedByMs: number } | undefined;
  let nowMs = 0;
  for (const { bootId, sequence, afterMs } of heard) {
    nowMs += afterMs;
    node = recordBoot({ node, ...(lastHeartbeat && { lastHeartbeat }) }, bootId, nowMs);
    node = recordReturn(node, bootId, sequence, nowMs);
    const isNewest =
      node.bootId === bootId && !(lastHeartbeat?.bootId === bootId && lastHeartbeat.sequence >= sequence);
    if (isNewest) lastHeartbeat = { bootId, sequence, receivedAtMs: nowMs, expectedByMs: nowMs };
  }
  return node;
}

/** A device: one process after the other, each with increasing sequences. */
function device(name: string) {
  return fc
    .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
    .map((lives) =>
      lives.flatMap((beats, life) =>
        Array.from({ length: beats }, (_, index) => ({ bootId: `${name}-${life}`, sequence: index + 1 })),
      ),
    );
}

const gap = fc.constantFrom(0, 1000, 59_999, 60_000, 3_600_000);

describe('the suspicion', () => {
  test('never falls on a single device, however it restarts, and however late or often its requests arrive', () => {
    fc.assert(
      fc.property(device('a'), fc.array(fc.nat({ max: 100 })), fc.infiniteStream(gap), (beats, echoes, gaps) => {
        // A request may arrive any number of times once the newest of its process has arrived.
        const heard: Omit<Heard, 'afterMs'>[] = [];
        for (const [index, beat] of beats.entries()) {
          heard.push(beat);
          for (const echo of echoes.filter((place) => place % beats.length === index)) {
            const earlier = heard[echo % heard.length];
            if (earlier) heard.push(earlier);
          }
        }
        const node = hear(heard.map(({ bootId, sequence }) => ({ bootId, sequence, afterMs: gaps.next().value ?? 0 })));
        expect(node.cloneSuspectedAtMs).toBeUndefined();
      }),
    );
  });

  test('falls on two devices that take turns, within three turns of the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 3_600_000 }), fc.integer({ min: 1, max: 50 }), (afterMs, first) => {
        const turns = Array.from({ length: 3 }, (_, turn) => [
          { bootId: 'a', sequence: first + turn, afterMs },
          { bootId: 'b', sequence: 1 + turn, afterMs },
        ]).flat();
        expect(hear(turns).cloneSuspectedAtMs).toBeDefined();
        expect(rivalBoots(hear(turns)).toSorted()).toEqual(['a', 'b']);
      }),
    );
  });

  test('is resolved by keeping any rival, which shuts out all others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 6 }),
        fc.nat(),
        (boots, pick) => {
          const [bootId = '', ...others] = boots;
          const supersededBoots = others.map((boot) => ({
            bootId: boot,
            lastSequence: 1,
            lastSeenAtMs: 0,
            returned: { sequence: 2, atMs: 1 },
          }));
          const node = nodeRecord('n', { bootId, supersededBoots, cloneSuspectedAtMs: 5 });
          const keptBootId = boots[pick % boots.length] ?? '';
          const kept = keepBoot(node, keptBootId, 9);
          expect(kept).toMatchObject({ bootId: keptBootId, supersededBoots: [], rotationDemandedAtMs: 9 });
          expect(kept?.cloneSuspectedAtMs).toBeUndefined();
          const heard = boots.filter(
            (boot) => kept && isAcceptedByToken(kept, boot, 'shared') && isAcceptedByKey(kept, boot),
          );
          expect(heard).toEqual([keptBootId]);
        },
      ),
    );
  });
});
