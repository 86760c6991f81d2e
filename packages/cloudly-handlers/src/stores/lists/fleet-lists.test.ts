import { assert, asyncProperty } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { sampleFleet } from '../../../test/fixtures/any-fleet-node.js';
import { anyScope, anySelector } from '../../../test/fixtures/any-selector.js';
import { type FactTables, openPostgresTables, openSqliteTables } from '../../../test/fixtures/fact-tables.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import type { FleetNode } from '../../fleet-store/fleet-node.js';
import { type FleetSort, sortKeys } from '../../fleet-store/fleet-store.js';
import { isInScope, matches } from '../../selector/matches.js';
import type { Scope, Selector } from '../../selector/selector.js';
import { parseSelector } from '../../selector/parse-selector.js';
import { createFleetLists, type FleetLists } from './fleet-lists.js';
import { frozenNodes } from './node-lists.js';
import { sql, statementOf } from './sql.js';

const nodes = sampleFleet(120);
const nowMs = 14 * 86_400_000;
const everyNode: Selector = { terms: [] };
const byId: FleetSort = { by: 'id', isDescending: false };

describe.each([
  { name: 'SQLite', open: async () => openSqliteTables(nodes), isOff: false },
  {
    name: `PostgreSQL${unlessInstalled}`,
    open: async () => openPostgresTables(await shareResource('postgres'), nodes),
    isOff: isSkipped,
  },
])('lists of a fleet on $name', { timeout: TIMEOUT_MS }, ({ open, isOff }) => {
  let tables: FactTables | undefined;
  beforeAll(async () => {
    if (!isOff) tables = await open();
  }, TIMEOUT_MS);
  afterAll(() => tables?.close());

  const opened = (): FactTables => {
    if (!tables) throw new Error('The tables are there during the tests only');
    return tables;
  };
  const lists = (scope?: Scope): FleetLists => {
    const { dialect, readRows } = opened();
    return createFleetLists(dialect, readRows)({ nowMs, scope });
  };
  const idsOf = (found: readonly FleetNode[]): string[] => found.map(({ facts }) => facts.nodeId);

  test.skipIf(isOff)('have exactly the nodes that match the selector and are in scope, as they are', async () => {
    await assert(
      asyncProperty(anySelector, anyScope, async (selector, scope) => {
        const expected = nodes
          .filter((node) => matches(selector, node, nowMs) && isInScope(scope, node.labels))
          .toSorted(inOrderOfIds);
        const found = await lists(scope).listFleet({ selector, sort: byId, limit: 1000 });
        expect(idsOf(found.nodes)).toEqual(idsOf(expected));
        expect(found).toEqual({ nodes: expected });
        expect(await lists(scope).countFleet({ selector, max: 1000 })).toBe(expected.length);
      }),
      { numRuns: howMany(150, 5000) },
    );
  });

  test.skipIf(isOff)('come page by page in the order of every sort, and backwards', async () => {
    for (const by of sortKeys) {
      const whole = await lists().listFleet({ selector: everyNode, sort: { by, isDescending: false }, limit: 1000 });
      expect(whole.nodes).toHaveLength(nodes.length);
      for (const isDescending of [false, true]) {
        const pages: FleetNode[] = [];
        let after;
        do {
          const page = await lists().listFleet({ selector: everyNode, sort: { by, isDescending }, after, limit: 7 });
          pages.push(...page.nodes);
          after = page.next;
        } while (after);
        expect(idsOf(pages)).toEqual(idsOf(isDescending ? whole.nodes.toReversed() : whole.nodes));
      }
    }
  });

  test.skipIf(isOff)('freeze the nodes of a job, up to a limit', async () => {
    const { dialect, readRows } = opened();
    const selector = parseSelector('state:offline');
    const expected = nodes.filter(({ state }) => state === 'offline').toSorted(inOrderOfIds);
    const freeze = (jobId: string, limit: number) => {
      const frozen = frozenNodes(dialect, jobId, selector, { nowMs, scope: undefined }, limit);
      const { text, values } = statementOf(frozen, dialect.placeholder);
      return readRows(text, values);
    };
    const frozenOf = async (jobId: string) => {
      const listed = sql`SELECT node_id FROM ${dialect.table('bulk_node')} WHERE job_id = ${jobId} ORDER BY node_id`;
      const { text, values } = statementOf(listed, dialect.placeholder);
      return (await readRows<{ node_id: string }>(text, values)).map(({ node_id }) => node_id);
    };
    await freeze('all', 1000);
    await freeze('three', 3);
    expect(await frozenOf('all')).toEqual(idsOf(expected));
    expect(await frozenOf('three')).toHaveLength(3);
  });
});

/** In binary order of UTF-8. */
function inOrderOfIds(one: FleetNode, other: FleetNode): number {
  return Buffer.compare(Buffer.from(one.facts.nodeId), Buffer.from(other.facts.nodeId));
}
