import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { sampleFleet } from '../../../test/fixtures/any-fleet-node.js';
import { type FactTables, openPostgresTables, openSqliteTables } from '../../../test/fixtures/fact-tables.js';
import type { PlanStep } from '../../../test/fixtures/plan-steps.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { type EventQuery, type FleetSort, sortKeys } from '../../fleet-store/fleet-store.js';
import { parseScope, parseSelector } from '../../selector/parse-selector.js';
import type { Scope } from '../../selector/selector.js';
import { nodesInScope } from './event-list.js';
import { createFleetLists, type FleetLists } from './fleet-lists.js';
import { type SqlValue, statementOf } from './sql.js';

const nodes = sampleFleet(100);
const copies = 200;
const nodeId = 'gate-4';
const everyNode = { terms: [] };
const berlin = parseScope('label.site=berlin');
const sorts: FleetSort[] = sortKeys.flatMap((by) => [false, true].map((isDescending) => ({ by, isDescending })));

/** What finds out which nodes are in a scope, if they are few. */
function isScopeSearch(text: string): boolean {
  return text.startsWith('SELECT node_label.node_id FROM');
}

describe.each([
  { name: 'SQLite', open: async () => openSqliteTables(nodes, copies), isOff: false },
  {
    name: `PostgreSQL${unlessInstalled}`,
    open: async () => openPostgresTables(await shareResource('postgres'), nodes, copies),
    isOff: isSkipped,
  },
])('lists of 20,000 nodes on $name', { timeout: TIMEOUT_MS }, ({ open, isOff }) => {
  let tables: FactTables | undefined;
  beforeAll(async () => {
    if (!isOff) tables = await open();
  }, TIMEOUT_MS);
  afterAll(() => tables?.close());

  /** What the database does for the statements of some work, which finds nothing but so many nodes in its scope. */
  const stepsOf = async (
    work: (lists: FleetLists) => Promise<unknown>,
    scope?: Scope,
    inScope = 201,
  ): Promise<PlanStep[]> => {
    if (!tables) throw new Error('The tables are there during the tests only');
    const { dialect, planOf } = tables;
    const steps = new Set<PlanStep>();
    const lists = createFleetLists(dialect, async <Row>(text: string, values: readonly SqlValue[]) => {
      if (isScopeSearch(text))
        return Array.from({ length: inScope }, (_, index) => ({ node_id: `gate-${index}` }) as Row);
      for (const step of await planOf(text, values)) steps.add(step);
      return [];
    });
    await work(lists({ nowMs: 14 * 86_400_000, scope }));
    return [...steps].toSorted();
  };

  test.skipIf(isOff).each(sorts)('by $by, descending: $isDescending: a page follows an index', async (sort) => {
    const value = ['registered', 'seen', 'storage', 'urgency'].includes(sort.by) ? 5 : 'gate';
    const pageAfter = (after?: { value: string | number; nodeId: string }) =>
      stepsOf((lists) => lists.listFleet({ selector: everyNode, sort, after, limit: 100 }));
    expect(await pageAfter()).toEqual(['follow node_fact', 'search node_fact', 'search presence']);
    expect(await pageAfter({ value, nodeId })).toEqual(['search node_fact', 'search presence']);
  });

  test.skipIf(isOff).each(['state:offline', 'label.site=berlin', 'gate', 'id=gate-4', 'agent<0.3 seen>2d'])(
    'of %s: rows are found first, and then sorted',
    async (text) => {
      const selector = parseSelector(text);
      const sort = { by: 'name', isDescending: false } as const;
      const page = await stepsOf((lists) => lists.listFleet({ selector, sort, limit: 100 }));
      expect(page).toContain('sort');
      expect(page).not.toContain('follow node_fact');
    },
  );

  test.skipIf(isOff).each([undefined, berlin])(
    'nodes are found by indexes alone, by their IDs and names',
    async (scope) => {
      const isFound = (steps: PlanStep[]) => steps.filter((step) => !['sort', 'group'].includes(step));
      const searches = ['search node_fact', 'search presence'];
      expect(isFound(await stepsOf((lists) => lists.findFleetNodes([nodeId, 'nobody']), scope))).toEqual(searches);
      expect(isFound(await stepsOf((lists) => lists.findNodesNamed('gate-4.17', 10), scope))).toEqual(searches);
    },
  );

  test
    .skipIf(isOff)
    .each<Omit<EventQuery, 'limit'>>([
      {},
      { before: 9000 },
      { after: 0 },
      { after: 100, before: 9000 },
      { isAudit: true },
      { isAudit: true, after: 100 },
      { isOfNode: true },
      { isOfNode: true, after: 100 },
      { isOfNode: true, isAudit: true },
      { isOfNode: true, isAudit: false },
      { nodeId },
      { nodeId, before: 9000 },
    ])('events %j are read in their order', async (query) => {
    for (const scope of [undefined, berlin]) {
      const steps = await stepsOf((lists) => lists.listEvents({ ...query, limit: 100 }), scope);
      expect(steps).not.toContain('scan event');
      expect(steps).not.toContain('scan node_fact');
      expect(steps).not.toContain('sort');
    }
  });

  test
    .skipIf(isOff)
    .each<Omit<EventQuery, 'limit'>>([
      {},
      { before: 9000 },
      { isAudit: true },
      { isAudit: false, before: 9000 },
      { isOfNode: true },
      { kinds: ['node-offline', 'node-back'] },
    ])('the newest events %j of a scope of 20 nodes are found node by node', async (query) => {
    const steps = await stepsOf((lists) => lists.listEvents({ ...query, limit: 100 }), berlin, 20);
    expect(steps).toEqual(['search event', 'search node_fact', 'sort']);
  });

  test.skipIf(isOff)('whether few nodes are in a scope is found by a label of theirs', async () => {
    if (!tables) throw new Error('The tables are there during the tests only');
    const { dialect, planOf } = tables;
    for (const text of ['label.site=nobody', 'label.site=berlin,nobody label.floor=7']) {
      const search = statementOf(nodesInScope(dialect, parseScope(text), 201), dialect.placeholder);
      expect(isScopeSearch(search.text)).toBe(true);
      const steps = await planOf(search.text, search.values);
      expect(steps).toContain('search node_label');
      expect(steps.filter((step) => !step.startsWith('search'))).toEqual([]);
    }
  });

  test.skipIf(isOff)('events of a kind are found by an index', async () => {
    const kinds = ['node-offline', 'node-back'] as const;
    expect(await stepsOf((lists) => lists.listEvents({ kinds, limit: 100 }))).toContain('search event');
    expect(await stepsOf((lists) => lists.listEvents({ kinds, limit: 100 }))).not.toContain('follow event');
  });
});
