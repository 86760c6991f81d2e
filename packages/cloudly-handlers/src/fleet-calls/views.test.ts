import { expect, test } from 'vitest';
import { ada, boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { NOW_MS } from '../stores/suite/fixtures.js';

const view = {
  id: '00000000-0000-4000-8000-000000000001',
  name: 'Late',
  selector: 'state:late,offline',
  sort: '-seen',
  columns: ['name', 'seen'],
};

function setUp() {
  return createFleet({ store: createMemoryStore(), now: () => NOW_MS });
}

test('a view is saved once, and the same one again is the same', async () => {
  const fleet = setUp();
  const saved = await fleet.saveView(ada, view);
  expect(saved).toEqual({ ...view, revision: 1, createdBy: 'operator:ada', createdAtMs: NOW_MS });
  expect(await fleet.saveView(ada, view)).toEqual(saved);
  expect(await codeOf(fleet.saveView(ada, { ...view, name: 'Quiet' }))).toBe('id-taken');
  expect(await codeOf(fleet.saveView(boss, view))).toBe('id-taken');
  expect(await fleet.listViews(ada)).toEqual([saved]);
});

test('a view is changed by who created it or an admin, unless somebody else came first', async () => {
  const fleet = setUp();
  await fleet.saveView(boss, view);
  const renamed = { ...view, name: 'Quiet', revision: 1 };
  expect(await codeOf(fleet.saveView(ada, renamed))).toBe('role-insufficient');
  expect(await codeOf(fleet.removeView(ada, view.id))).toBe('role-insufficient');
  expect(await fleet.saveView(boss, renamed)).toMatchObject({ name: 'Quiet', revision: 2, createdBy: 'operator:boss' });
  expect(await codeOf(fleet.saveView(boss, renamed))).toBe('revision-changed');
  await fleet.removeView(boss, view.id);
  expect(await codeOf(fleet.removeView(boss, view.id))).toBe('view-unknown');
  expect(await codeOf(fleet.saveView(boss, renamed))).toBe('view-unknown');
});

test.each([
  ['value-invalid', { id: 'mine' }],
  ['value-invalid', { name: ' ' }],
  ['value-invalid', { name: 'x'.repeat(101) }],
  ['value-invalid', { sort: 'colour' }],
  ['value-invalid', { columns: Array.from({ length: 51 }, () => 'name') }],
  ['selector-invalid', { selector: 'label.' }],
] as const)('a view that nobody could read is %s: %j', async (code, changes) => {
  expect(await codeOf(setUp().saveView(ada, { ...view, ...changes }))).toBe(code);
});
