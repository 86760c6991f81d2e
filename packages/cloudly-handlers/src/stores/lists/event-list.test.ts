import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { sampleFleet } from '../../../test/fixtures/any-fleet-node.js';
import { type FactTables, openPostgresTables, openSqliteTables } from '../../../test/fixtures/fact-tables.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import type { EventQuery } from '../../fleet-store/fleet-store.js';
import { parseScope } from '../../selector/parse-selector.js';
import { createFleetLists } from './fleet-lists.js';

const nodes = sampleFleet(30);
const copies = 4;

describe.each([
  { name: 'SQLite', open: async () => openSqliteTables(nodes, copies), isOff: false },
  {
    name: `PostgreSQL${unlessInstalled}`,
    open: async () => openPostgresTables(await shareResource('postgres'), nodes, copies),
    isOff: isSkipped,
  },
])('the newest events in a scope on $name', { timeout: TIMEOUT_MS }, ({ open, isOff }) => {
  let tables: FactTables | undefined;
  beforeAll(async () => {
    if (!isOff) tables = await open();
  }, TIMEOUT_MS);
  afterAll(() => tables?.close());

  const labels = nodes.flatMap((node) => Object.entries(node.labels));
  const [key, value] = labels.find(([, word]) => /^\w+$/.test(word)) ?? ['site', 'berlin'];

  test
    .skipIf(isOff)
    .each<EventQuery>([
      { limit: 5 },
      { limit: 1000 },
      { before: 60, limit: 10 },
      { isAudit: true, limit: 10 },
      { isAudit: false, before: 100, limit: 10 },
      { isOfNode: true, limit: 10 },
      { kinds: ['kind-1', 'kind-2'] as unknown as EventQuery['kinds'], limit: 10 },
    ])('are the same, however many nodes are in it: %j', async (query) => {
    if (!tables) throw new Error('The tables are there during the tests only');
    const { dialect, readRows } = tables;
    const byNodeOf = createFleetLists(dialect, readRows, 1000);
    for (const text of [
      `label.${key}=${value}`,
      `label.${key}`,
      `-label.${key}=`,
      `label.${key}=nobody`,
      `label.${key}=${value} -label.nobody`,
    ]) {
      const asOf = { nowMs: 0, scope: parseScope(text) };
      const byNode = await byNodeOf(asOf).listEvents(query);
      const inOrder = await createFleetLists(dialect, readRows, 0)(asOf).listEvents(query);
      expect(byNode).toEqual(inOrder);
    }
    const all = await byNodeOf({ nowMs: 0, scope: parseScope(`label.${key}=${value}`) }).listEvents({ limit: 1000 });
    expect(all.length).toBeGreaterThanOrEqual(copies);
  });
});
