import { describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../test/rollouts/rollout-world.js';
import type { FleetNode } from '../fleet-store/fleet-node.js';
import { scopeOf } from '../stores/suite/fleet/fleet-fixtures.js';
import { fleetNode } from '../../test/rollouts/rollout-records.js';
import { stopping } from './alterations.js';
import { defaultLimits, defaultWaves } from './defaults.js';
import { MEMBERS_MAX, startRollout } from './start-rollout.js';

const ROLLOUT = '11111111-1111-4111-8111-111111111111';

async function membersOf(world: World) {
  return world.store.as({ actor: 'system', nowMs: world.now() }).listMembers(ROLLOUT, { limit: 10_000 });
}

async function kindsOf(world: World): Promise<string[]> {
  const events = await world.store.as({ actor: 'system', nowMs: 0 }).listEvents({ after: 0, limit: 10_000 });
  return events.map(({ kind }) => kind).filter((kind) => kind.startsWith('rollout-'));
}

describe('who starts a rollout', () => {
  test('freezes the nodes that its selector matches within the scope of its creator, and their groups', async () => {
    const world = await createWorld(['berlin', 'berlin', 'paris', 'rome']);
    await world.relabel(0, { site: 'berlin', shop: 'b' });
    const perGroup = { label: 'site', max: 1 };
    await world.createRollout(ROLLOUT, {
      selector: 'label.site=berlin,paris',
      scope: scopeOf('shop', 'a'),
      limits: { perGroup },
    });
    expect(await world.start(ROLLOUT)).toMatchObject({
      outcome: 'started',
      rollout: { state: 'running', waveIndex: 0 },
    });
    await world.addDevice('berlin');
    expect((await membersOf(world)).map(({ nodeId, group, state }) => [nodeId, group, state])).toEqual([
      ['node-1', 'berlin', 'held'],
      ['node-2', 'paris', 'held'],
    ]);
    expect(await kindsOf(world)).toEqual(['rollout-started', 'rollout-wave-begun']);
  });

  test('puts them into waves by their ranks, which differ between rollouts', async () => {
    const world = await createWorld(Array.from({ length: 20 }, () => 'berlin'));
    await world.createRollout(ROLLOUT, { waves: defaultWaves() });
    await world.start(ROLLOUT);
    const members = await membersOf(world);
    const sizes = [0, 1, 2].map((wave) => members.filter((member) => member.wave === wave).length);
    expect(sizes).toEqual([1, 2, 17]);
    const canary = members.find(({ wave }) => wave === 0);
    expect(members.every(({ rank }) => rank >= (canary?.rank ?? ''))).toBe(true);
    expect(canary?.rank).toMatch(/^[\da-f]{16}$/);
  });

  test('starts no rollout without members: it is a draft again', async () => {
    const world = await createWorld(['berlin']);
    await world.createRollout(ROLLOUT, { selector: 'label.site=oslo' });
    expect(await world.start(ROLLOUT)).toEqual({ outcome: 'no-members' });
    expect(await world.findRollout(ROLLOUT)).toMatchObject({ state: 'draft' });
    expect(await kindsOf(world)).toEqual([]);
  });

  test('starts none with more than 100,000', async () => {
    const world = await createWorld(['berlin']);
    await world.createRollout(ROLLOUT);
    const page: FleetNode[] = Array.from({ length: 1000 }, (_, index) => fleetNode(`n${index}`));
    let count = 0;
    const fleet = {
      as(caller: Parameters<World['store']['as']>[0]) {
        const listFleet = async () => {
          count += page.length;
          return { nodes: page, next: { value: '', nodeId: '' } };
        };
        return { ...world.store.as(caller), listFleet };
      },
    };
    const outcome = await startRollout(fleet, ROLLOUT, { now: world.now, actor: 'operator:ada' });
    expect(outcome).toEqual({ outcome: 'too-many-members' });
    expect(count).toBe(MEMBERS_MAX + page.length);
  });

  test('starts none twice, and none that waits for approval', async () => {
    const world = await createWorld(['berlin']);
    const draft = await world.createRollout(ROLLOUT);
    const nothing = { isUnsettled: false, members: [], offered: [], withdrawn: [], cancelled: [], events: [] };
    const own = world.store.as({ actor: 'operator:ada', nowMs: 0 });
    await own.changeRollout({ ...nothing, rollout: { ...draft, revision: 1, needsApproval: true } });
    expect(await world.start(ROLLOUT)).toEqual({ outcome: 'not-startable' });
    const approval = { by: 'operator:ben', atMs: 0 } as const;
    await own.changeRollout({ ...nothing, rollout: { ...draft, revision: 2, needsApproval: true, approval } });
    expect(await world.start(ROLLOUT)).toMatchObject({ outcome: 'started' });
    expect(await world.start(ROLLOUT)).toEqual({ outcome: 'not-startable' });
    expect(await world.start('22222222-2222-4222-8222-222222222222')).toEqual({ outcome: 'rollout-unknown' });
  });

  test('begins anew if another process has died while it froze them', async () => {
    const world = await createWorld(['berlin', 'paris']);
    await world.createRollout(ROLLOUT);
    expect(await world.start(ROLLOUT, 1)).toBeUndefined();
    expect(await world.findRollout(ROLLOUT)).toMatchObject({ state: 'starting' });
    await world.forget(1);
    expect(await world.start(ROLLOUT)).toMatchObject({ outcome: 'started' });
    expect((await membersOf(world)).map(({ nodeId }) => nodeId)).toEqual(['node-0']);
    expect(await world.findRollout(ROLLOUT)).toMatchObject({ counts: [{ held: 1 }] });
  });

  test('goes on no longer once somebody else has stopped it', async () => {
    const world = await createWorld(['berlin', 'paris']);
    await world.createRollout(ROLLOUT);
    const fleet = {
      as(caller: Parameters<World['store']['as']>[0]) {
        const own = world.store.as(caller);
        const listFleet: typeof own.listFleet = async (query) => {
          await world.alter(ROLLOUT, stopping());
          return own.listFleet(query);
        };
        return { ...own, listFleet };
      },
    };
    const outcome = await startRollout(fleet, ROLLOUT, { now: world.now, actor: 'operator:ada' });
    expect(outcome).toEqual({ outcome: 'superseded' });
    expect(await world.findRollout(ROLLOUT)).toMatchObject({ state: 'stopped', counts: [{ held: 0 }] });
    expect(await membersOf(world)).toEqual([]);
  });
});

test.each([
  [1, 1],
  [39, 1],
  [40, 2],
  [1000, 50],
  [100_000, 50],
])('by default, of %i members %i have the command at a time', (memberCount, maxInFlight) => {
  expect(defaultLimits(memberCount).maxInFlight).toBe(maxInFlight);
});
