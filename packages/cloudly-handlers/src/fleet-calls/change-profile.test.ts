import { describe, expect, test } from 'vitest';
import { ada, berlinAdmin, berliner, boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled } from '../stores/suite/fleet/fleet-fixtures.js';
import { NOW_MS } from '../stores/suite/fixtures.js';

async function setUp(scopedLabelKeys: string[] = []) {
  const store = createMemoryStore();
  await addLabelled(store, 'n', { site: 'berlin' });
  await addLabelled(store, 'elsewhere', { site: 'bonn' });
  return { store, fleet: createFleet({ store, now: () => NOW_MS, scopedLabelKeys: () => scopedLabelKeys }) };
}

describe('a name', () => {
  test('is shown before the host name, and taken away by an empty one', async () => {
    const { fleet } = await setUp();
    expect((await fleet.rename(ada, 'n', '  Gate 1 ')).name).toBe('Gate 1');
    expect((await fleet.resolveNode(ada, 'gate 1')).facts.nodeId).toBe('n');
    expect(await fleet.rename(ada, 'n', ' ')).not.toHaveProperty('name');
    expect(await fleet.rename(ada, 'n', undefined)).not.toHaveProperty('name');
  });

  test.each(['x'.repeat(101), 'two\nlines', 'a\u0000', '\ud800'])(
    'is one line of at most 100 characters: not %j',
    async (name) => {
      const { fleet } = await setUp();
      expect(await codeOf(fleet.rename(ada, 'n', name))).toBe('value-invalid');
      expect((await fleet.rename(ada, 'n', 'x'.repeat(100))).name).toHaveLength(100);
    },
  );
});

describe('notes', () => {
  test('have several lines, and at most 10,000 characters', async () => {
    const { fleet } = await setUp();
    expect((await fleet.setNotes(ada, 'n', 'by\n\tthe door')).notes).toBe('by\n\tthe door');
    expect(await codeOf(fleet.setNotes(ada, 'n', 'x'.repeat(10_001)))).toBe('value-invalid');
    expect(await codeOf(fleet.setNotes(ada, 'n', 'a\u0000'))).toBe('value-invalid');
    expect(await fleet.setNotes(ada, 'n', ' \n')).not.toHaveProperty('notes');
  });
});

describe('labels', () => {
  test('are set and removed one by one', async () => {
    const { fleet } = await setUp();
    await fleet.label(ada, 'n', { floor: '1', 'example.com/team': 'blue' });
    expect((await fleet.label(ada, 'n', { floor: null, room: '' })).labels).toEqual({
      site: 'berlin',
      'example.com/team': 'blue',
      room: '',
    });
  });

  test.each([{ 'no spaces': 'x' }, { floor: 'a b' }, { '': 'x' }, { floor: 'x'.repeat(64) }])(
    'follow the rules of Kubernetes: not %j',
    async (labels) => {
      const { fleet } = await setUp();
      expect(await codeOf(fleet.label(ada, 'n', labels))).toBe('label-invalid');
    },
  );

  test('are 32 at most', async () => {
    const { fleet } = await setUp();
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
    expect(await codeOf(fleet.label(ada, 'n', many(32)))).toBe('label-invalid');
    expect(Object.keys((await fleet.label(ada, 'n', many(31))).labels)).toHaveLength(32);
  });

  test('change nothing, and are no change, if they are set to what they are', async () => {
    const { fleet, store } = await setUp(['site']);
    const { profile } = await fleet.getNode(ada, 'n');
    const heard: string[] = [];
    store.onWritten((events) => void heard.push(...events.map(({ kind }) => kind)));
    expect(await fleet.label(ada, 'n', { site: 'berlin', nothing: null })).toEqual(profile);
    expect(heard).toEqual([]);
  });
});

describe('the label of a scope', () => {
  test.each([
    ['an operator of that scope', berliner],
    ['an admin of that scope', berlinAdmin],
  ])('cannot be changed by %s: nobody leaves their scope, nor brings a node into it', async (_who, caller) => {
    const { fleet } = await setUp();
    for (const labels of [{ site: null }, { site: 'bonn' }, { floor: '1', site: '' }]) {
      expect(await codeOf(fleet.label(caller, 'n', labels))).toBe('label-reserved');
    }
    expect(await codeOf(fleet.label(caller, 'elsewhere', { site: 'berlin' }))).toBe('node-unknown');
    const action = { kind: 'label', labels: { site: 'bonn' } } as const;
    expect(await codeOf(fleet.previewBulk(caller, { action, selector: '' }))).toBe('label-reserved');
    expect((await fleet.label(caller, 'n', { floor: '1' })).labels).toEqual({ site: 'berlin', floor: '1' });
  });

  test('of somebody else cannot be changed either, but by an admin of the whole fleet', async () => {
    const { fleet } = await setUp(['customer']);
    for (const caller of [ada, berliner, berlinAdmin]) {
      expect(await codeOf(fleet.label(caller, 'n', { customer: 'acme' }))).toBe('label-reserved');
      const action = { kind: 'label', labels: { customer: 'acme' } } as const;
      expect(await codeOf(fleet.previewBulk(caller, { action, selector: '' }))).toBe('label-reserved');
    }
    expect((await fleet.label(boss, 'n', { customer: 'acme', site: 'bonn' })).labels).toEqual({
      customer: 'acme',
      site: 'bonn',
    });
  });
});

test('a change with a revision is made unless somebody else came first', async () => {
  const { fleet } = await setUp();
  const { revision } = await fleet.rename(ada, 'n', 'Gate');
  expect((await fleet.setNotes(ada, 'n', 'by the door', { revision })).revision).toBe(revision + 1);
  for (const change of [
    () => fleet.rename(ada, 'n', 'Door', { revision }),
    () => fleet.setNotes(ada, 'n', 'x', { revision }),
    () => fleet.label(ada, 'n', { floor: '1' }, { revision }),
  ]) {
    expect(await codeOf(change())).toBe('revision-changed');
  }
});

test('many changes at once are all made', async () => {
  const { fleet } = await setUp();
  const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((key) => fleet.label(ada, 'n', { [key]: 'v' })));
  expect(Object.keys((await fleet.getNode(ada, 'n')).labels)).toEqual(expect.arrayContaining(keys));
});
