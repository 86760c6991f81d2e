import { constantFrom, array, assert, asyncProperty, nat } from 'fast-check';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ada, berliner, boss, vic } from '../../test/fixtures/fleet-callers.js';
import { stores } from '../../test/fixtures/stores.js';
import { createFleet } from '../create-fleet.js';
import type { Caller } from '../fleet-calls/caller.js';
import { FleetStoreError } from '../fleet/fleet-store-error.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import {
  addLabelled,
  by,
  ADA,
  deviceStatus,
  lastPosition,
  setProfile,
  tidyAll,
} from '../stores/suite/fleet/fleet-fixtures.js';
import { heartbeatReport, NOW_MS } from '../stores/suite/fixtures.js';
import { createEventFeed, type EventFeed, type EventFeedOptions } from './create-event-feed.js';
import type { FollowedEvents, FollowOptions } from './followed-events.js';

const DAY_MS = 24 * 3_600_000;

type Asked = Omit<FollowOptions, 'signal'>;

/** Somebody who follows, and reads on when the test says so. */
function follow(feed: EventFeed, caller: Caller, asked: Asked = {}) {
  const ending = new AbortController();
  const followed = feed.follow(caller, { ...asked, signal: ending.signal });
  onTestFinished(() => ending.abort());
  const seen: FollowedEvents[] = [];
  const next = async (): Promise<FollowedEvents> => {
    const { value, done } = await followed.next();
    if (done) throw new Error('there is nothing more to follow');
    seen.push(value);
    return value;
  };
  return {
    next,
    seen,
    /** What it says until it has said so much. */
    until: async (count: number): Promise<string[]> => {
      const told = () => seen.flatMap(({ events }) => events.map(({ kind, nodeId }) => `${kind} ${nodeId ?? '-'}`));
      while (told().length < count) await next();
      return told();
    },
    end: async () => {
      ending.abort();
      expect(await followed.next()).toEqual({ value: undefined, done: true });
    },
  };
}

function feedOf(store: FleetStore, options: Partial<EventFeedOptions> = {}): EventFeed {
  const fleet = createFleet({ store, now: () => NOW_MS });
  const feed = createEventFeed({ fleet, onNews: (onNews) => store.onNews(onNews), now: () => NOW_MS, ...options });
  onTestFinished(feed.close);
  return feed;
}

describe.for(stores)('events are followed on $name', ({ openStore }) => {
  const open = async () => {
    const store = await openStore();
    for (const site of ['berlin', 'bonn']) await addLabelled(store, site, { site });
    return { store, feed: feedOf(store) };
  };
  const rename = (store: FleetStore, nodeId: string, name: string) => setProfile(store, nodeId, { name });

  test('from now on, each once and in order', async () => {
    const { store, feed } = await open();
    const { next, until, seen, end } = follow(feed, boss);
    const position = await lastPosition(store);
    expect(await next()).toEqual({ events: [], after: `${await store.eventsEpoch()}-${position}` });
    for (const name of ['a', 'b', 'c']) await rename(store, 'bonn', name);
    await until(3);
    expect(seen.flatMap(({ events }) => events.map((event) => event.position - position))).toEqual([1, 2, 3]);
    expect(seen.at(-1)?.after).toBe(`${await store.eventsEpoch()}-${position + 3}`);
    await end();
  });

  test('from a place on, as each caller may read them', async () => {
    const { store, feed } = await open();
    await store.saveReport('bonn', heartbeatReport(1, { status: deviceStatus({ hostname: 'a', commit: 'one' }) }));
    const after = `${await store.eventsEpoch()}-0`;
    const [all, nodes, berlin, viewed, named] = [
      follow(feed, boss, { after }),
      follow(feed, ada, { after }),
      follow(feed, berliner, { after }),
      follow(feed, vic, { after }),
      follow(feed, ada, { after, kinds: ['node-named'], nodeId: 'bonn' }),
    ];
    const [ofBerlin, ofBonn] = ['berlin', 'bonn'].map((id) => [`node-registered ${id}`, `node-labelled ${id}`]);
    expect(await all.until(5)).toEqual(['join-token-created -', ...(ofBerlin ?? []), ...(ofBonn ?? [])]);
    expect(await nodes.until(4)).toEqual([...(ofBerlin ?? []), ...(ofBonn ?? [])]);
    expect(await berlin.until(2)).toEqual(ofBerlin);

    await rename(store, 'bonn', 'Gate');
    await rename(store, 'berlin', 'Door');
    await store.saveReport('bonn', heartbeatReport(2, { status: deviceStatus({ hostname: 'a', commit: 'two' }) }));
    expect((await all.until(8)).slice(5)).toEqual(['node-named bonn', 'node-named berlin', 'release-changed bonn']);
    expect((await nodes.until(7)).slice(4)).toEqual(['node-named bonn', 'node-named berlin', 'release-changed bonn']);
    expect((await berlin.until(3)).slice(2)).toEqual(['node-named berlin']);
    expect(await viewed.until(1)).toEqual(['release-changed bonn']);
    expect(await named.until(1)).toEqual(['node-named bonn']);
  });

  test('for an operator who sees little, who is not sent back to what is hidden', async () => {
    const { store, feed } = await open();
    const { next } = follow(feed, berliner);
    await next();
    await rename(store, 'bonn', 'Gate');
    expect(await next()).toEqual({ events: [], after: `${await store.eventsEpoch()}-${await lastPosition(store)}` });
  });

  test('after the data was restored: from its end on, with a word that something is missing', async () => {
    const { store, feed } = await open();
    const before = await store.eventsEpoch();
    const following = follow(feed, boss);
    await following.next();
    await store.renewEvents(NOW_MS - DAY_MS, by(ADA));
    let said = await following.next();
    // The recovery itself may still be told with the old epoch.
    while (!said.reset) said = await following.next();
    const after = `${await store.eventsEpoch()}-${await lastPosition(store)}`;
    expect(said).toEqual({ events: [], after, reset: 'epoch' });
    expect(await follow(feed, boss, { after: `${before}-1` }).next()).toEqual({ events: [], after, reset: 'epoch' });
  });

  test('after a place that is gone, or that there never was: in the same way', async () => {
    const { store, feed } = await open();
    const epoch = await store.eventsEpoch();
    const end = `${epoch}-${await lastPosition(store)}`;
    const gone = { events: [], after: end, reset: 'gone' };
    expect(await follow(feed, boss, { after: `${epoch}-4711` }).next()).toEqual(gone);
    expect(await follow(feed, boss, { after: end }).next()).toEqual({ events: [], after: end });
    // Here, a place may be one of the audit, which is kept for longer than what came after it.
    const later = feedOf(store, { now: () => NOW_MS + 91 * DAY_MS });
    expect(await follow(later, boss, { after: end }).next()).toEqual(gone);
    await tidyAll(store, NOW_MS + 800 * DAY_MS);
    expect(await follow(feed, boss, { after: end }).next()).toMatchObject({ reset: 'gone' });
  });
});

/** A fleet in memory with a node, and how often its events are read. */
async function countReads() {
  const store = createMemoryStore();
  await addLabelled(store, 'n', { site: 'berlin' });
  const fleet = createFleet({ store, now: () => NOW_MS });
  const readers: string[] = [];
  let failure: Error | undefined;
  let listening = 0;
  const options: Partial<EventFeedOptions> = {
    fleet: {
      eventsEpoch: (caller) => fleet.eventsEpoch(caller),
      listEvents: async (caller, query) => {
        readers.push(caller.actor);
        if (failure) throw failure;
        return fleet.listEvents(caller, query);
      },
    },
    onNews: (onNews) => {
      listening += 1;
      const end = store.onNews(onNews);
      return () => {
        listening -= 1;
        end();
      };
    },
  };
  return { store, options, readers, fail: (error?: Error) => (failure = error), listening: () => listening };
}

test('all who see the same share one reading, and others read only what may be theirs', async () => {
  const { store, options, readers } = await countReads();
  const feed = feedOf(store, options);
  const following = [boss, ada, vic, berliner].flatMap((caller) => [follow(feed, caller), follow(feed, caller)]);
  for (const { next } of following) await next();
  readers.length = 0;
  const told = following.map(({ next }) => next());
  await setProfile(store, 'n', { name: 'Gate' });
  await Promise.all(told);
  expect(readers.filter((actor) => actor === 'system').length).toBeLessThanOrEqual(2);
  // What people do is nothing that may be shown to those who only look.
  expect(readers.filter((actor) => actor !== 'system')).toEqual([berliner.actor]);
});

test('nothing is read while nobody follows', async () => {
  const { store, options, readers, listening } = await countReads();
  const feed = feedOf(store, options);
  for (let count = 0; count < 2; count += 1) {
    const { next, end } = follow(feed, boss);
    await next();
    expect(listening()).toBe(1);
    await end();
    expect(listening()).toBe(0);
  }
  readers.length = 0;
  await setProfile(store, 'n', { name: 'Gate' });
  expect(readers).toEqual([]);
});

test('a database that does not answer is asked again, and told once; what happened meanwhile is not lost', async () => {
  const { store, options, fail } = await countReads();
  const troubles: string[] = [];
  const feed = feedOf(store, { ...options, onTrouble: ({ message }) => void troubles.push(message) });
  const { next, until } = follow(feed, boss);
  await next();
  fail(new FleetStoreError('database-unreachable', 'away'));
  for (const name of ['a', 'b']) {
    await setProfile(store, 'n', { name });
    await new Promise((resolve) => void setImmediate(resolve));
  }
  fail();
  await setProfile(store, 'n', { name: 'c' });
  expect(await until(3)).toHaveLength(3);
  expect(troubles).toEqual(['away']);
});

test('any other failure ends it for everybody, and whoever comes later begins anew', async () => {
  const { store, options, fail } = await countReads();
  const feed = feedOf(store, options);
  const following = [follow(feed, boss), follow(feed, ada)];
  for (const { next } of following) await next();
  fail(new TypeError('a mistake'));
  const ends = following.map(({ next }) => next().catch(String));
  await setProfile(store, 'n', { name: 'Gate' });
  expect(await Promise.all(ends)).toEqual(['TypeError: a mistake', 'TypeError: a mistake']);
  fail();
  expect((await follow(feed, boss).next()).events).toEqual([]);
});

test('a feed that is closed ends for everybody, and for those who come later', async () => {
  const feed = feedOf(createMemoryStore());
  const { next } = follow(feed, boss);
  await next();
  const end = next().catch(String);
  await feed.close();
  expect(await end).toContain('there is nothing more to follow');
  await expect(follow(feed, boss).next()).rejects.toThrow('there is nothing more to follow');
});

test.for<[string, Caller, Asked, string]>([
  ['a place that cannot be read', boss, { after: 'yesterday' }, 'value-invalid'],
  ['what people did, for those who only look', vic, { isAudit: true }, 'role-insufficient'],
])('one cannot follow %s', async ([, caller, asked, code]) => {
  await expect(follow(feedOf(createMemoryStore()), caller, asked).next()).rejects.toMatchObject({ code });
});

test('however often somebody stops, goes on elsewhere and falls behind, no event is lost or comes twice', async () => {
  const steps = array(constantFrom('write', 'burst', 'read', 'leave'), { minLength: 5, maxLength: 30 });
  await assert(
    asyncProperty(steps, constantFrom(boss, ada, berliner), nat(1), async (plan, caller, first) => {
      const store = createMemoryStore();
      await addLabelled(store, 'n', { site: 'berlin' });
      const feeds = [feedOf(store), feedOf(store)];
      const start = await lastPosition(store);
      let [after, turn, names] = [`${await store.eventsEpoch()}-${start}`, first, 0];
      const read: number[] = [];
      const begin = () => follow(feeds[(turn += 1) % 2] ?? feedOf(store), caller, { after });
      let following = begin();
      const take = async (): Promise<void> => {
        const said = await following.next();
        expect(said.reset).toBeUndefined();
        after = said.after;
        read.push(...said.events.map(({ position }) => position));
      };
      const write = async (count: number): Promise<void> => {
        for (let left = count; left > 0; left -= 1) await setProfile(store, 'n', { name: `${(names += 1)}` });
      };
      for (const step of [...plan, 'write' as const]) {
        if (step === 'write') await write(1);
        if (step === 'burst') await write(300);
        if (step === 'leave') {
          await following.end();
          following = begin();
        }
        // There is something to read, or its place to tell.
        if (step === 'read' && read.length < names) await take();
      }
      while (read.length < names) await take();
      await following.end();
      expect(read).toEqual(Array.from({ length: names }, (_, index) => start + 1 + index));
    }),
    { numRuns: howMany(15, 100) },
  );
});
