import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { sampleFleet } from '../../../test/fixtures/any-fleet-node.js';
import { type FactTables, openPostgresTables, openSqliteTables } from '../../../test/fixtures/fact-tables.js';
import type { PlanStep } from '../../../test/fixtures/plan-steps.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import type { SeenMemberQuery } from '../../fleet-store/rollout-store.js';
import { createRolloutLists, type RolloutLists } from './rollout-lists.js';

const nodes = sampleFleet(100);
/** 10,000 nodes, and ten members for each. */
const [copies, memberCopies] = [100, 10];
const thousandGroups = Array.from({ length: 1000 }, (_, index) => `site-${index}`);

/** What is looked up of each member that is found. */
const lookUps: readonly PlanStep[] = [
  'search command',
  'search node_fact',
  'search presence',
  'search rollout_node',
  'search rollout_node_holding',
];

describe.each([
  { name: 'SQLite', open: async () => openSqliteTables(nodes, copies, memberCopies), isOff: false },
  {
    name: `PostgreSQL${unlessInstalled}`,
    open: async () => openPostgresTables(await shareResource('postgres'), nodes, copies, memberCopies),
    isOff: isSkipped,
  },
])('of a rollout of 100,000 on $name', { timeout: TIMEOUT_MS }, ({ open, isOff }) => {
  let tables: FactTables | undefined;
  beforeAll(async () => {
    if (!isOff) tables = await open();
  }, TIMEOUT_MS);
  afterAll(() => tables?.close());

  const stepsOf = async (work: (lists: RolloutLists) => Promise<unknown>): Promise<PlanStep[]> => {
    if (!tables) throw new Error('The tables are there during the tests only');
    const { dialect, planOf } = tables;
    const steps = new Set<PlanStep>();
    const readRows = async (text: string, values: readonly (string | number)[]) => {
      for (const step of await planOf(text, values)) steps.add(step);
      return [];
    };
    await work(createRolloutLists(dialect, { readRows, readAside: readRows })({ nowMs: 5 }));
    return [...steps].toSorted((one, other) => (one < other ? -1 : 1));
  };

  test.skipIf(isOff).each<[string, SeenMemberQuery, PlanStep[]]>([
    ['in flight', { which: 'in-flight' }, ['search rollout_node_state']],
    ['held', { which: 'held', wavesTo: 1, withoutGroups: [], limit: 50 }, ['search rollout_node_held']],
    [
      'held, with a thousand groups without room',
      { which: 'held', wavesTo: 1, withoutGroups: thousandGroups, limit: 50 },
      ['search rollout_node_held'],
    ],
    [
      'back, of 30,000 deferred',
      { which: 'back', nowMs: 5, withoutGroups: thousandGroups, limit: 50 },
      ['search rollout_node_deferred'],
    ],
    ['overdue', { which: 'overdue', sinceBeforeMs: 5, limit: 50 }, ['search rollout_node_overdue']],
    ['late', { which: 'late', limit: 50 }, ['search rollout_node_state']],
    ['named', { which: 'named', nodeIds: ['gate-4', 'gate-4.17/3'] }, []],
  ])('members that are %s are found by an index of theirs, in its order', async (_what, query, found) => {
    const steps = await stepsOf((lists) => lists.readMembers('r', query));
    expect(steps).toEqual([...lookUps, ...found].toSorted((one, other) => (one < other ? -1 : 1)));
  });

  test.skipIf(isOff)('members of some states are found by an index, a page of each', async () => {
    const badly = await stepsOf((lists) => lists.readMembers('r', { which: 'ended-badly', limit: 100 }));
    expect(withoutSort(badly)).toEqual([...lookUps, 'search rollout_node_state']);
    const query = { states: ['failed', 'succeeded'], wave: 1, afterNodeId: 'gate-4', limit: 100 } as const;
    expect(withoutSort(await stepsOf((lists) => lists.listMembers('r', query)))).toEqual(['search rollout_node_state']);
  });

  test.skipIf(isOff)('members and memberships are found by the primary key', async () => {
    expect(await stepsOf((lists) => lists.listMembers('r', { afterNodeId: 'gate-4', limit: 100 }))).toEqual([
      'search rollout_node',
    ]);
    expect(withoutSort(await stepsOf((lists) => lists.findMemberships('gate-4')))).toContain('search rollout_node');
  });
});

/** Of the few rows of two pages. */
function withoutSort(steps: readonly PlanStep[]): PlanStep[] {
  return steps.filter((step) => step !== 'sort');
}
