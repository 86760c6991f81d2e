import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { followedOf, messagesOf } from './followed-messages.js';
import { createMessageReader } from './read-messages.js';

function event(position: number, shownName: string): FleetEvent {
  const details = { shownName };
  return { position, atMs: 1, actor: 'system', nodeId: 'n', kind: 'node-forgotten', details };
}

function heard(text: string) {
  return createMessageReader()(new TextEncoder().encode(text)).map((message) => followedOf(message));
}

test('events are messages, each with the place after it', () => {
  const events = [event(7, 'Gate'), event(9, 'a\nid: b-1\n\ndata: {}\u2028\r')];
  const text = messagesOf({ events, after: 'a1-12' });
  expect(text.split('\n\n')[0]).toBe(`id: a1-7\ndata: ${JSON.stringify(events[0])}`);
  expect(heard(text)).toEqual([
    { events: [events[0]], after: 'a1-7' },
    { events: [events[1]], after: 'a1-9' },
  ]);
});

test('a reset is one that says where to go on, and why', () => {
  const text = messagesOf({ events: [], after: 'a1-12', reset: 'gone' });
  expect(text).toBe('id: a1-12\nevent: reset\ndata: {"reason":"gone"}\n\n');
  expect(heard(text)).toEqual([{ events: [], after: 'a1-12', reset: 'gone' }]);
});

test('what a newer server says besides is left out', () => {
  expect(heard('id: a1-1\nevent: more\ndata: {}\n\nid: b\n\ndata: {}\n\nid: a1-2\n\n')).toEqual([
    undefined,
    undefined,
    undefined,
    { events: [], after: 'a1-2' },
  ]);
});
