import { describe, expect, test } from 'vitest';
import { fakeSupervisor } from '../../test/fake-supervisor.js';
import { unreachable } from '../../test/fake-cloudly.js';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';
import { hangsAfterMs } from './progress.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

function enrolled() {
  return new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file');
}

async function never(): Promise<never> {
  return new Promise(() => undefined);
}

describe('a loop', () => {
  test('hangs after its wait plus three deadlines', () => {
    const progress = { waitMs: minute, deadlineMs: 90 * second };
    expect(hangsAfterMs(progress)).toBe(330 * second);
  });

  test.each(['unreachable', 'revoked', 'refused', 'timeout', 'rate-limited', 'accepted'] as const)(
    'that gets %s from Cloudly for a day does not count as hung',
    async (kind) => {
      const { runner, clock, cloudly, watchdog } = simulate({ store: enrolled() });
      cloudly.onHeartbeat = () => heartbeatOutcomes[kind];
      await runner.start();
      await clock.advance(24 * hour);
      expect(watchdog.isAtRest).toBe(false);
      expect(watchdog.hasBitten).toBe(false);
    },
  );

  test('whose exchange and Supervisor use up their deadlines does not count as hung', async () => {
    const supervisor = fakeSupervisor();
    supervisor.behave = never;
    const { runner, clock, cloudly, watchdog } = simulate({ store: enrolled(), supervisor });
    cloudly.exchangeMs = 30 * second;
    cloudly.onHeartbeat = () => unreachable;
    await runner.start();
    await clock.advance(3 * hour);
    expect(cloudly.heartbeats.length).toBeGreaterThan(20);
    expect(watchdog.hasBitten).toBe(false);
  });

  test('whose call never returns hangs four and a half minutes after that call', async () => {
    const { runner, clock, cloudly, watchdog } = simulate({ store: enrolled(), fraction: 0 });
    await runner.start();
    await clock.advance(5 * minute);
    Object.assign(cloudly, { heartbeat: never });
    await clock.advance(minute + 269 * second);
    expect(watchdog.hasBitten).toBe(false);
    await clock.advance(2 * second);
    expect(watchdog.hasBitten).toBe(true);
  });

  test('that waits for a disk has half an hour', async () => {
    const store = enrolled();
    const { runner, clock, cloudly, watchdog } = simulate({ store, fraction: 0 });
    Object.assign(store, { update: never });
    cloudly.onHeartbeat = () => cloudly.acknowledged({ nextNodeToken: 'rotated' });
    await runner.start();
    await clock.advance(30 * minute - second);
    expect(watchdog.hasBitten).toBe(false);
    await clock.advance(2 * second);
    expect(watchdog.hasBitten).toBe(true);
  });

  test('is no longer watched after it stops', async () => {
    const { runner, clock, watchdog } = simulate({ store: enrolled() });
    await runner.start();
    await clock.advance(5 * minute);
    const stopped = runner.stop();
    await clock.advance(second);
    await stopped;
    expect(watchdog.isAtRest).toBe(true);
  });

  test('that a disk releases long after the stop is not watched again', async () => {
    const store = enrolled();
    const update = store.update.bind(store);
    const { runner, clock, cloudly, watchdog } = simulate({ store, fraction: 0 });
    Object.assign(store, {
      update: async (change: Parameters<typeof update>[0]) => {
        await clock.sleep(5 * minute, new AbortController().signal);
        return update(change);
      },
    });
    cloudly.onHeartbeat = () => cloudly.acknowledged({ nextNodeToken: 'rotated' });
    await runner.start();
    await clock.advance(minute);
    const stopped = runner.stop();
    await clock.advance(2 * second);
    await stopped;
    await clock.advance(hour);
    expect(store.writes).toBe(1);
    expect(watchdog.isAtRest).toBe(true);
  });

  test('that reopens its identity, perhaps behind another agent, is not watched until it runs', async () => {
    const store = enrolled();
    store.durable = false;
    store.source = 'unreadable';
    const unreadable = {
      problem: { code: 'disk-errors', message: 'The disk says no.', remedy: 'Mend it.' },
      isOver: async () => true,
    };
    Object.assign(store, { unreadable });
    let opened = 0;
    const openIdentity = async () => ((opened += 1) === 1 ? store : never());
    const { runner, clock, watchdog } = simulate({ openIdentity });
    await runner.start();
    await clock.advance(24 * hour);
    expect(opened).toBe(2);
    expect(watchdog.isAtRest).toBe(true);
    expect(watchdog.hasBitten).toBe(false);
  });
});
