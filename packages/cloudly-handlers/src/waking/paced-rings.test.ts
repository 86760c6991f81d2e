import { expect, test } from 'vitest';
import { createFakeTimer } from '../../test/fixtures/fake-timer.js';
import { createPacedRings } from './paced-rings.js';

function setUp(perSecondMax: number) {
  const timer = createFakeTimer();
  const rung: { nodeId: string; atMs: number }[] = [];
  const rings = createPacedRings({
    perSecondMax,
    ring: (nodeId) => void rung.push({ nodeId, atMs: timer.monotonicMs() }),
    ...timer,
  });
  return { timer, rung, rings };
}

test('a node is rung at once after a pause', () => {
  const { rung, rings } = setUp(200);
  rings.ring('a');
  expect(rung).toEqual([{ nodeId: 'a', atMs: 0 }]);
});

test.each([0.5, 1, 50, 200])(
  'at most %d nodes are rung in a second, each once, and none is forgotten',
  (perSecondMax) => {
    const { timer, rung, rings } = setUp(perSecondMax);
    const nodeIds = Array.from({ length: 500 }, (_, index) => `node-${index}`);
    for (const nodeId of [...nodeIds, ...nodeIds.slice(400)]) rings.ring(nodeId);
    timer.pass((600 / perSecondMax) * 1000);
    expect(rung.slice(0, 500).map(({ nodeId }) => nodeId)).toEqual(nodeIds);
    expect(rung).toHaveLength(500);
    const burst = Math.max(1, perSecondMax / 10);
    for (const { atMs } of rung) {
      const within = rung.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1000);
      expect(within.length).toBeLessThanOrEqual(perSecondMax + burst + 1);
    }
  },
);

test('without a limit all are rung at once', () => {
  const { rung, rings } = setUp(Number.POSITIVE_INFINITY);
  for (let index = 0; index < 1000; index += 1) rings.ring(`node-${index}`);
  expect(rung).toHaveLength(1000);
});

test('those that wait for the pace are forgotten when it stops', () => {
  const { timer, rung, rings } = setUp(1);
  for (const nodeId of ['a', 'b', 'c']) rings.ring(nodeId);
  rings.stop();
  timer.pass(10_000);
  expect(rung.map(({ nodeId }) => nodeId)).toEqual(['a']);
  expect(timer.running()).toBe(0);
  rings.ring('d');
  expect(rung.at(-1)?.nodeId).toBe('d');
});
