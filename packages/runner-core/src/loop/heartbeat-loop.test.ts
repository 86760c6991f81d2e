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
