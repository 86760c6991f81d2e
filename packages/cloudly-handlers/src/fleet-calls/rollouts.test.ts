import { describe, expect, test } from 'vitest';
import { ada, berliner, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { newRollout, OTHER_ID, rolloutFleet, ROLLOUT_ID } from '../../test/fixtures/rollout-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled, allEvents } from '../stores/suite/fleet/fleet-fixtures.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import type { Caller } from './caller.js';
import type { NewRollout } from './rollout-calls.js';

const HOUR_MS = 3_600_000;
const bo: Caller = { actor: 'operator:bo', role: 'operate' };
const program: Caller = { actor: 'token:deploy', role: 'admin' };

async function setUp(nodeIds?: readonly string[]) {
  const fleet = await rolloutFleet(createMemoryStore(), nodeIds);
  const kinds = async () =>
    (await allEvents(fleet.store)).filter(({ kind }) => /^rollout-(?!member)/.test(kind)).map(({ kind }) => kind);
  return { ...fleet, kinds };
}

describe('a rollout that is made', () => {
  test('is a draft with careful defaults, and does nothing', async () => {
    const { fleet, kinds, run, store } = await setUp(Array.from({ length: 40 }, (_none, index) => `n-${index}`));
    const { id, name, command, selector } = newRollout();
    const made = await fleet.createRollout(ada, { id, name, command, selector });
    expect(made).toMatchObject({
      id,
      revision: 1,
      name: 'autumn',
      createdBy: 'operator:ada',
      role: 'operate',
      createdAtMs: NOW_MS,
      state: 'draft',
      isDynamic: false,
      needsApproval: false,
      limits: { maxInFlight: 2, failPercent: 10, failMin: 3, attempts: 1, commandDueMs: 24 * HOUR_MS },
      waves: [
        { size: { count: 1 }, gate: 'manual', soakMs: 0 },
        { size: { percent: 10 }, gate: 'auto', soakMs: HOUR_MS / 4 },
        { gate: 'auto', soakMs: 0 },
      ],
    });
    await run();
    expect(await kinds()).toEqual(['rollout-created']);
    expect(await store.listCommands('n-0', 1)).toEqual([]);
    expect(await fleet.getRollout(vic, ROLLOUT_ID)).toEqual(made);
  });

  test('is the same again, and no other one', async () => {
    const { fleet, kinds } = await setUp();
    const made = await fleet.createRollout(ada, newRollout());
    expect(await fleet.createRollout(ada, newRollout())).toEqual(made);
    expect(await codeOf(fleet.createRollout(ada, newRollout({ name: 'winter' })))).toBe('id-taken');
    expect(await codeOf(fleet.createRollout(ada, newRollout({ limits: { failMin: 9 } })))).toBe('id-taken');
    expect(await codeOf(fleet.createRollout(boss, newRollout()))).toBe('id-taken');
    expect(await codeOf(fleet.createRollout(berliner, newRollout()))).toBe('id-taken');
    expect(await kinds()).toEqual(['rollout-created']);
  });

  test('needs an admin for force', async () => {
    const { fleet } = await setUp();
    const forced = newRollout({ command: { kind: 'update', commit: 'abc', force: true } });
    expect(await codeOf(fleet.createRollout(ada, forced))).toBe('role-insufficient');
    expect((await fleet.createRollout(boss, forced)).role).toBe('admin');
  });

  test.each<[what: string, changes: Partial<NewRollout>, code: string, message: string]>([
    ['no UUID', { id: 'autumn' }, 'value-invalid', 'The ID is not a UUID in lower case'],
    ['no name', { name: ' ' }, 'value-invalid', 'A rollout needs a name'],
    ['a selector that cannot be read', { selector: 'colour=red' }, 'selector-invalid', 'There is no field'],
    ['no such command', { command: { kind: 'dance' as 'blink' } }, 'command-invalid', 'Unknown command kind dance'],
    [
      'an update to whichever release',
      { command: { kind: 'update' } },
      'command-invalid',
      'The update of a rollout must name the commit of its release',
    ],
    ['no wave', { waves: [] }, 'value-invalid', 'A rollout needs a wave'],
    [
      'a wave behind the last one',
      { waves: [{}, {}] },
      'value-invalid',
      'Wave 1 takes all nodes that are left, so it must be the last one',
    ],
    [
      'a last wave with a size',
      { waves: [{ size: { count: 1 } }] },
      'value-invalid',
      'Wave 1 is the last one, which takes all nodes that are left',
    ],
    [
      'a gate behind the last wave',
      { waves: [{ gate: 'manual' }] },
      'value-invalid',
      'Wave 1 is the last one, and nothing waits behind it',
    ],
    [
      'a wave of none',
      { waves: [{ size: { count: 0 } }, {}] },
      'value-invalid',
      'Wave 1 has a number of nodes that must be a whole number from 1 to 100000, but is 0',
    ],
    [
      'a wave of more than all',
      { waves: [{ size: { percent: 101 } }, {}] },
      'value-invalid',
      'Wave 1 has a share that must be more than 0 and at most 100 percent, but is 101',
    ],
    [
      'a soak of years',
      { waves: [{ size: { count: 1 }, soakMs: 1e12 }, {}] },
      'value-invalid',
      'Wave 1 has a soak that must be a whole number from 0 to 2592000000, but is 1000000000000 ms',
    ],
    ['a wave that cannot be read', { waves: [{ select: 'colour=red' }, {}] }, 'selector-invalid', 'There is no field'],
    [
      'nobody at it at a time',
      { limits: { maxInFlight: 0 } },
      'value-invalid',
      'maxInFlight must be a whole number from 1 to 100000, but is 0',
    ],
    [
      'commands that are due for a month',
      { limits: { commandDueMs: 30 * 24 * HOUR_MS } },
      'value-invalid',
      'commandDueMs must be a whole number from 60000 to 604800000, but is 2592000000',
    ],
    ['groups by no label', { limits: { perGroup: { label: '-', max: 1 } } }, 'value-invalid', 'A label key has'],
    [
      'groups with nobody at it',
      { limits: { perGroup: { label: 'site', max: 0 } } },
      'value-invalid',
      'perGroup.max must be a whole number from 1 to 100000, but is 0',
    ],
    [
      'a window in no zone',
      { window: { cron: '0 2 * * *', zone: 'Berlin', durationMs: HOUR_MS } },
      'value-invalid',
      'There is no time zone Berlin',
    ],
    [
      'a window of an instant',
      { window: { cron: '0 2 * * *', zone: 'UTC', durationMs: 0 } },
      'value-invalid',
      'The time that the window is open must be a whole number from 60000 to 604800000, but is 0 ms',
    ],
    [
      'nodes that are chosen by what changes, all the time',
      { isDynamic: true, selector: 'label.site=berlin seen<1h' },
      'value-invalid',
      'A dynamic rollout cannot choose nodes by seen, which changes all the time',
    ],
  ])('has %s in vain', async (_what, changes, code, message) => {
    const { fleet } = await setUp([]);
    await expect(fleet.createRollout(ada, newRollout(changes))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/\.$/),
    });
    expect(await fleet.listRollouts(ada)).toEqual([]);
  });
});

describe('a draft', () => {
  test('can be changed in all that it says, as long as nobody else has', async () => {
    const { fleet, kinds } = await setUp();
    const window = { cron: '0 2 * * *', zone: 'UTC', durationMs: HOUR_MS };
    await fleet.createRollout(ada, newRollout({ window, limits: { perGroup: { label: 'site', max: 1 } } }));
    const changed = await fleet.changeRollout(
      ada,
      ROLLOUT_ID,
      { name: 'winter', waves: [{ size: { count: 1 } }, {}], limits: { failMin: 7, perGroup: null }, window: null },
      { revision: 1 },
    );
    expect(changed).toMatchObject({ revision: 2, name: 'winter', limits: { failMin: 7, failPercent: 10 } });
    expect(changed.counts).toHaveLength(2);
    expect([changed.window, changed.limits.perGroup]).toEqual([undefined, undefined]);
    expect(await fleet.getRollout(ada, ROLLOUT_ID)).toEqual(changed);
    expect(await fleet.changeRollout(ada, ROLLOUT_ID, { name: 'winter' })).toEqual(changed);
    expect(await codeOf(fleet.changeRollout(ada, ROLLOUT_ID, { name: 'spring' }, { revision: 1 }))).toBe(
      'revision-changed',
    );
    expect(await codeOf(fleet.changeRollout(ada, ROLLOUT_ID, { waves: [] }))).toBe('value-invalid');
    expect(await kinds()).toEqual(['rollout-created', 'rollout-changed']);
  });

  test('is changed by who made it, or an admin', async () => {
    const { fleet } = await setUp();
    await fleet.createRollout(ada, newRollout());
    expect(await codeOf(fleet.changeRollout(bo, ROLLOUT_ID, { name: 'mine' }))).toBe('role-insufficient');
    expect((await fleet.changeRollout(boss, ROLLOUT_ID, { name: 'theirs' })).createdBy).toBe('operator:ada');
  });

  test('that needs approval begins once another person has approved what it says now', async () => {
    const { fleet, kinds } = await setUp();
    await fleet.createRollout(ada, newRollout({ needsApproval: true }));
    expect(await codeOf(fleet.startRollout(ada, ROLLOUT_ID))).toBe('approval-needed');
    expect(await codeOf(fleet.approveRollout(ada, ROLLOUT_ID))).toBe('approval-own');
    expect(await codeOf(fleet.approveRollout(program, ROLLOUT_ID))).toBe('approval-own');
    const approved = await fleet.approveRollout(bo, ROLLOUT_ID);
    expect(approved.approval).toEqual({ by: 'operator:bo', atMs: NOW_MS });
    expect(await fleet.approveRollout(bo, ROLLOUT_ID)).toEqual(approved);
    await fleet.changeRollout(ada, ROLLOUT_ID, { selector: 'state:online' });
    expect(await codeOf(fleet.startRollout(ada, ROLLOUT_ID))).toBe('approval-needed');
    await fleet.approveRollout(bo, ROLLOUT_ID);
    expect((await fleet.startRollout(ada, ROLLOUT_ID)).state).toBe('running');
    expect(await kinds()).toEqual([
      'rollout-created',
      'rollout-approved',
      'rollout-changed',
      'rollout-approved',
      'rollout-started',
      'rollout-wave-begun',
    ]);
  });

  test('of an admin is approved by an admin, and one that needs no approval by nobody', async () => {
    const { fleet } = await setUp();
    await fleet.createRollout(boss, newRollout({ needsApproval: true }));
    expect(await codeOf(fleet.approveRollout(ada, ROLLOUT_ID))).toBe('role-insufficient');
    await fleet.createRollout(boss, newRollout({ id: OTHER_ID }));
    expect(await codeOf(fleet.approveRollout(ada, OTHER_ID))).toBe('state-unfit');
  });

  test('over no nodes does not begin', async () => {
    const { fleet } = await setUp();
    await fleet.createRollout(ada, newRollout({ selector: 'label.site=bonn' }));
    await expect(fleet.startRollout(ada, ROLLOUT_ID)).rejects.toMatchObject({
      code: 'value-invalid',
      message: 'No node matches the selector of rollout autumn',
    });
    expect((await fleet.getRollout(ada, ROLLOUT_ID)).state).toBe('draft');
  });

  test('can be given up', async () => {
    const { fleet } = await setUp();
    await fleet.createRollout(ada, newRollout());
    expect(await fleet.stopRollout(ada, ROLLOUT_ID)).toMatchObject({ state: 'stopped', endedAtMs: NOW_MS });
    expect(await codeOf(fleet.startRollout(ada, ROLLOUT_ID))).toBe('state-unfit');
  });
});

describe('rollouts', () => {
  test('are listed with the newest first, and by their states', async () => {
    const { clock, fleet, start } = await setUp();
    await start(ada);
    clock.nowMs += 1;
    await fleet.createRollout(bo, newRollout({ id: OTHER_ID }));
    const idsOf = async (...args: Parameters<typeof fleet.listRollouts>) =>
      (await fleet.listRollouts(...args)).map(({ id }) => id);
    expect(await idsOf(vic)).toEqual([OTHER_ID, ROLLOUT_ID]);
    expect(await idsOf(vic, { states: ['draft'] })).toEqual([OTHER_ID]);
    expect(await idsOf(vic, { limit: 1 })).toEqual([OTHER_ID]);
    expect(await codeOf(fleet.listRollouts(vic, { limit: 0 }))).toBe('value-invalid');
  });

  test('of others are none for somebody with a scope, whose own reach no farther', async () => {
    const { fleet, start, store } = await setUp();
    await addLabelled(store, 'z', { site: 'bonn' });
    await start(ada, { id: OTHER_ID });
    expect(await fleet.listRollouts(berliner)).toEqual([]);
    expect(await codeOf(fleet.getRollout(berliner, OTHER_ID))).toBe('rollout-unknown');
    await start(berliner);
    expect(await fleet.listRollouts(berliner)).toHaveLength(1);
    expect((await fleet.listRolloutMembers(boss, OTHER_ID)).map(({ nodeId }) => nodeId)).toEqual(['a', 'b', 'c', 'z']);
    expect((await fleet.listRolloutMembers(boss, ROLLOUT_ID)).map(({ nodeId }) => nodeId)).toEqual(['a', 'b', 'c']);
  });

  test('have members, in their order and by what is asked', async () => {
    const { end, fleet, run, start } = await setUp();
    await start(ada);
    await end('b');
    await run();
    const idsOf = async (query: Parameters<typeof fleet.listRolloutMembers>[2]) =>
      (await fleet.listRolloutMembers(vic, ROLLOUT_ID, query)).map(({ nodeId }) => nodeId);
    expect(await idsOf({})).toEqual(['a', 'b', 'c']);
    expect(await idsOf({ states: ['succeeded'] })).toEqual(['b']);
    expect(await idsOf({ afterNodeId: 'a', limit: 1 })).toEqual(['b']);
    expect(await idsOf({ wave: 1 })).toEqual([]);
    expect(await codeOf(fleet.listRolloutMembers(vic, OTHER_ID))).toBe('rollout-unknown');
  });
});
