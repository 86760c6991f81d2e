import { expect, test } from 'vitest';
import { ada, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { fleetFor } from './caller-fleet.js';

test('every call of the fleet of a caller is by this caller, with their role', async () => {
  const fleet = createFleet({ store: createMemoryStore() });
  const { record } = await fleetFor(fleet, ada).createJoinToken({ description: 'till' });
  expect(record).toMatchObject({ createdBy: 'operator:ada', description: 'till' });
  expect(await codeOf(fleetFor(fleet, vic).listJoinTokens())).toBe('role-insufficient');
  expect(await fleetFor(fleet, boss).listJoinTokens()).toEqual([record]);
  expect(Object.keys(fleetFor(fleet, boss)).toSorted()).toEqual(Object.keys(fleet).toSorted());
});
