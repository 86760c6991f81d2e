import { type CallerFleet, type FleetEvent, FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import type { LocalFleet } from '../operator/with-fleet.js';
import { followEvents } from './follow-events.js';

function event(position: number): FleetEvent {
  return { position, atMs: position, actor: 'system', nodeId: 'n', kind: 'node-approved', details: {} };
}

type Reading = readonly FleetEvent[] | Error;

/** Follows a fleet whose events read like this one after the other, with news after each; the last one ends it. */
async function follow(readings: readonly Reading[]) {
  const ending = new AbortController();
  const [asked, shown, troubles]: [unknown[], number[], string[]] = [[], [], []];
  let news = (): void => undefined;
  let isListening = false;
  const listEvents: CallerFleet['listEvents'] = async (query) => {
    const reading = readings[asked.length] ?? [];
    asked.push(query?.after);
    if (asked.length >= readings.length) ending.abort();
    queueMicrotask(() => news());
    if (reading instanceof Error) throw reading;
    return [...reading];
  };
  const local = {
    fleet: { listEvents },
    store: {
      onNews: (listener: () => void) => {
        [news, isListening] = [listener, true];
        return () => (isListening = false);
      },
    },
  } as unknown as LocalFleet;
  const following = followEvents(local, 7, {
    filter: {},
    show: async (events) => void shown.push(...events.map(({ position }) => position)),
    showTrouble: ({ message }) => void troubles.push(message),
    signal: ending.signal,
  });
  await following.finally(() => expect(isListening).toBe(false));
  return { asked, shown, troubles };
}

test('each event is shown once, in order, from after the position on', async () => {
  expect(await follow([[], [event(8), event(9)], [], [event(10)]])).toEqual({
    asked: [7, 7, 9, 9],
    shown: [8, 9, 10],
    troubles: [],
  });
});

test('a full page is followed by the next one at once', async () => {
  const page = Array.from({ length: 500 }, (_, index) => event(8 + index));
  expect((await follow([page, [event(508)]])).shown).toEqual([...page.map(({ position }) => position), 508]);
});

test('a database that does not answer is asked again, and told once', async () => {
  const away = new FleetStoreError('database-unreachable', 'away');
  expect(await follow([away, away, [event(8)], away])).toMatchObject({ shown: [8], troubles: ['away', 'away'] });
});

test('any other failure ends it', async () => {
  await expect(follow([new TypeError('a mistake'), []])).rejects.toThrow('a mistake');
});
