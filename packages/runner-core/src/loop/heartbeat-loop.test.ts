import { describe, expect, it } from 'vitest';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../secret.js';

const minute = 60_000;
const hour = 60 * minute;

const enrolledStore = (more: object = {}) =>
  new MemoryIdentityStore(identity({ nodeToken: new Secret('stored'), ...more }), 'state-file');

describe('a node whose status is refused', () => {
  it('is heard of also where Cloudly refuses a status that changes every time', async () => {
    let changes = 0;
    const hostname = () => `device-${(changes += 1)}`;
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0, hostname });
    cloudly.onHeartbeat = ({ request }) => (request.status ? heartbeatOutcomes.refused : undefined);
    await runner.start();
    await clock.advance(20 * minute);
    const sent = cloudly.heartbeats.map(({ atMs, request }) => [atMs / minute, request.status ? 'whole' : 'minimal']);
    expect(sent.slice(0, 4)).toEqual([
      [0, 'whole'],
      [5, 'minimal'],
      [6, 'whole'],
      [11, 'minimal'],
    ]);
  });

  it('stays with minimal heartbeats as long as not even these are taken', async () => {
    let changes = 0;
    const hostname = () => `device-${(changes += 1)}`;
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0, hostname });
    cloudly.onHeartbeat = () => heartbeatOutcomes.refused;
    await runner.start();
    await clock.advance(2 * hour);
    expect(cloudly.heartbeats.slice(1).filter(({ request }) => request.status)).toEqual([]);
  });
});

describe('a node that starts again before it was accepted', () => {
  it.each(['state-file', 'last-good-copy'] as const)(
    'spreads its first call where its identity comes from the %s',
    async (source) => {
      const { runner, clock, cloudly } = simulate({
        store: new MemoryIdentityStore(identity(), source),
        fraction: 0.25,
      });
      await runner.start();
      await clock.advance(minute);
      expect(cloudly.registers.map(({ atMs, joinToken }) => [atMs, joinToken])).toEqual([[15_000, 'join-token']]);
    },
  );

  it.each(['generated', 'environment'] as const)('goes at once where its identity is new (%s)', async (source) => {
    const { runner, clock, cloudly } = simulate({ store: new MemoryIdentityStore(identity(), source) });
    await runner.start();
    await clock.advance(minute);
    expect(cloudly.registers.map(({ atMs }) => atMs)).toEqual([0]);
  });

  it('is not told to get a join token where its Cloudly knows it', async () => {
    const store = new MemoryIdentityStore(identity({}), 'state-file');
    const { runner, clock, cloudly, told } = simulate({ store, config: { joinToken: undefined } });
    cloudly.onRegister = () => cloudly.pending(30_000);
    await runner.start();
    expect(runner.status().cloudly).toMatchObject({
      state: 'unregistered',
      problem: { code: 'pending-approval', message: expect.stringContaining('not approved') },
    });
    await clock.advance(minute);
    expect(runner.status().cloudly.state).toBe('pending');
    expect(told().join(' ')).not.toContain('no join token');
    expect(told().join(' ')).toContain('Approval code: ');
  });
});

describe('a node whose tokens its Cloudly does not know', () => {
  it('registers slowly also where each registration gives a token that is not known', async () => {
    const { runner, clock, cloudly, store } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () => heartbeatOutcomes['node-token-rejected'];
    await runner.start();
    await clock.advance(hour);
    expect(cloudly.registers.length).toBeGreaterThan(5);
    expect(cloudly.registers.length).toBeLessThanOrEqual(12);
    expect(store.writes).toBe(cloudly.registers.length);
  });

  it('comes back from a revocation that was lifted, by registering with its key', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = ({ nodeToken }) => {
      if (clock.monotonicMs() < 2 * hour) return heartbeatOutcomes.revoked;
      return nodeToken === 'stored' ? heartbeatOutcomes['node-token-rejected'] : undefined;
    };
    await runner.start();
    await clock.advance(3 * hour);
    expect(cloudly.heartbeats.slice(0, 3).map(({ atMs }) => atMs / hour)).toEqual([0, 1, 2]);
    expect(cloudly.registers.map(({ atMs }) => atMs / hour)).toEqual([3]);
    expect(runner.status().cloudly).toMatchObject({ state: 'registered', connectivity: 'connected' });
  });
});
