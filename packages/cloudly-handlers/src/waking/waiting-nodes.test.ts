import { expect, test } from 'vitest';
import { createFakeTimer } from '../../test/fixtures/fake-timer.js';
import { createWaitingNodes, type Place } from './waiting-nodes.js';

type OnGone = Parameters<ReturnType<typeof createWaitingNodes>['enter']>[1];

/** A client that stays. */
function stays() {
  return () => undefined;
}

function setUp(max = 10) {
  const timer = createFakeTimer();
  const occupied: boolean[] = [];
  const nodes = createWaitingNodes({
    waitMs: 50_000,
    max,
    startTimer: timer.startTimer,
    onOccupied: (isOccupied) => void occupied.push(isOccupied),
  });
  const enter = (nodeId: string, onGone: OnGone = stays): Place => {
    const place = nodes.enter(nodeId, onGone);
    if (typeof place === 'string') throw new Error(place);
    return place;
  };
  return { timer, occupied, nodes, enter };
}

test('a node that waits is rung, again and again, until its time is over', async () => {
  const { timer, nodes, enter } = setUp();
  const place = enter('a');
  for (let count = 0; count < 2; count += 1) {
    const next = place.next();
    nodes.ring('b');
    nodes.ring('a');
    expect(await next).toBe('rung');
  }
  const next = place.next();
  timer.pass(49_999);
  nodes.ring('a');
  expect(await next).toBe('rung');
  timer.pass(1);
  expect(await place.next()).toBe('time-over');
  expect(await place.next()).toBe('time-over');
});

test('a ring while the node is looked at is not lost', async () => {
  const { nodes, enter } = setUp();
  const place = enter('a');
  nodes.ring('a');
  nodes.ring('a');
  expect(await place.next()).toBe('rung');
});

test('a newer request takes the place of the earlier one, whose end frees nothing', async () => {
  const { nodes, enter } = setUp(1);
  const earlier = enter('a');
  const newer = enter('a');
  expect(await earlier.next()).toBe('superseded');
  earlier.leave();
  expect(nodes.count()).toBe(1);
  expect(nodes.enter('b', stays)).toBe('full');
  nodes.ring('a');
  expect(await newer.next()).toBe('rung');
  newer.leave();
  expect(nodes.count()).toBe(0);
});

test.each(['before', 'during'])('a client that has gone %s its wait frees its place and its timer', async (when) => {
  const { timer, nodes, enter } = setUp();
  const listeners = new Set<() => void>();
  const place = enter('a', (listener) => {
    if (when === 'before') listener();
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
  const next = place.next();
  for (const listener of listeners) listener();
  expect(await next).toBe('gone');
  place.leave();
  expect([nodes.count(), timer.running(), listeners.size]).toEqual([0, 0, 0]);
});

test('draining ends all waits and lets no other begin', async () => {
  const { nodes, enter } = setUp();
  const places = ['a', 'b'].map((nodeId) => enter(nodeId));
  nodes.drain();
  expect(await Promise.all(places.map((place) => place.next()))).toEqual(['draining', 'draining']);
  expect(nodes.enter('c', stays)).toBe('draining');
});

test('tells when the first node begins to wait, and when none waits any longer', () => {
  const { occupied, enter } = setUp();
  const [first, second] = [enter('a'), enter('b')];
  expect(occupied).toEqual([true]);
  first.leave();
  expect(occupied).toEqual([true]);
  second.leave();
  expect(occupied).toEqual([true, false]);
});
