import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { sampleFleet } from '../../../test/fixtures/any-fleet-node.js';
import { type FactTables, openPostgresTables, openSqliteTables } from '../../../test/fixtures/fact-tables.js';
import type { PlanStep } from '../../../test/fixtures/plan-steps.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { parseScope, parseSelector } from '../../selector/parse-selector.js';
import { alertKeepingStatements as postgresStatements } from '../postgres/alert-statements.js';
import { alertKeepingStatements as sqliteStatements } from '../sqlite/alert-keeping.js';
import { createAlertLists, type AlertLists } from './alert-lists.js';

const nodes = sampleFleet(100);
const copies = 200;
const after = { rank: 3, sinceMs: 5, id: 'offline:x' };

/** The statements of SQLite, by what they are called; each with values that it could have. */
function sqliteTexts(): Record<string, [text: string, values: (string | number)[]]> {
  const prepare = ((sql: string) => sql) as unknown as Parameters<typeof sqliteStatements>[0];
  const texts = sqliteStatements(prepare) as unknown as Record<keyof ReturnType<typeof sqliteStatements>, string>;
  const text = (name: keyof typeof texts): string => texts[name].replaceAll(/:\w+/g, '?');
  return {
    isUnnoted: [text('isUnnoted'), []],
    unnoted: [text('unnoted'), [100]],
    isDue: [text('isDue'), [5]],
    due: [text('due'), [5, 100]],
    alerts: [text('alerts'), ['gate-4']],
    groups: [text('group'), ['group-offline:site=x']],
    countNodes: [text('countNodes'), ['site', '["berlin"]']],
    countOffline: [text('countOffline'), ['site', '["berlin"]', '["gate-4"]', 5]],
    candidates: [text('candidates'), ['site', '["berlin"]', '["gate-4"]', 5, 10]],
    note: [text('note'), ['', 0, 'gate-4']],
  };
}

function postgresTexts(schema: string): Record<string, [text: string, values: unknown[]]> {
  const statements = postgresStatements(schema);
  return {
    isUnnoted: [statements.isAnything.text, [5]],
    unnoted: [statements.unnoted.text, [100]],
    isDue: [statements.isAnything.text, [5]],
    due: [statements.due.text, [5, 100]],
    alerts: [statements.alerts.text, [['gate-4']]],
    groups: [statements.groups.text, [['group-offline:site=x']]],
    countNodes: [statements.countNodes.text, ['site', ['berlin']]],
    countOffline: [statements.countOffline.text, ['site', ['berlin'], ['gate-4'], 5]],
    candidates: [statements.candidates.text, ['site', ['berlin'], ['gate-4'], 5, 10]],
    note: [statements.note.text, [['gate-4'], [''], [0]]],
  };
}

function isOfSite(name: string): boolean {
  return name === 'candidates' || name === 'countOffline';
}

const statementNames = Object.keys(sqliteTexts());

describe.each([
  { name: 'SQLite', open: async () => openSqliteTables(nodes, copies), isOff: false },
  {
    name: `PostgreSQL${unlessInstalled}`,
    open: async () => openPostgresTables(await shareResource('postgres'), nodes, copies),
    isOff: isSkipped,
  },
])('alerts of 20,000 nodes on $name', { timeout: TIMEOUT_MS }, ({ open, isOff }) => {
  let tables: FactTables | undefined;
  beforeAll(async () => {
    if (!isOff) tables = await open();
  }, TIMEOUT_MS);
  afterAll(() => tables?.close());

  const opened = (): FactTables => {
    if (!tables) throw new Error('The tables are there during the tests only');
    return tables;
  };

  /** What the database does for a list. */
  const stepsOf = async (work: (lists: AlertLists) => Promise<unknown>, scope?: string): Promise<PlanStep[]> => {
    const { dialect, planOf } = opened();
    const steps = new Set<PlanStep>();
    const lists = createAlertLists(dialect, async (text, values) => {
      for (const step of await planOf(text, values)) steps.add(step);
      return [];
    });
    await work(lists({ nowMs: 5, scope: scope === undefined ? undefined : parseScope(scope) }));
    return [...steps].toSorted();
  };

  test.skipIf(isOff).each(statementNames)('whoever keeps alerts reads no table as a whole: %s', async (name) => {
    const { schema, planOf } = opened();
    const [text, values] = (schema === undefined ? sqliteTexts() : postgresTexts(schema))[name] ?? ['', []];
    const steps = await planOf(text, values as (string | number)[]);
    expect(steps).not.toEqual([]);
    // There are far fewer alerts than nodes, and those of a site may be many of them.
    const scans = steps.filter((step) => step.startsWith('scan') && !(isOfSite(name) && step === 'scan alert'));
    expect(scans).toEqual([]);
  });

  test.skipIf(isOff)('a page of alerts follows their index, and ends with the page', async () => {
    expect(await stepsOf((lists) => lists.listAlerts({ limit: 100 }))).not.toContain('sort');
    expect(await stepsOf((lists) => lists.listAlerts({ limit: 100 }))).not.toContain('scan alert');
    expect(await stepsOf((lists) => lists.listAlerts({ after, limit: 100 }))).toContain('search alert');
    expect(await stepsOf((lists) => lists.listAlerts({ nodeId: 'gate-4', limit: 100 }))).toContain('search alert');
  });

  test.skipIf(isOff).each([
    ['a scope', 'label.site=berlin', undefined],
    ['a selector', undefined, 'agent<0.3 label.site'],
  ])('with %s, the node of each alert is looked up', async (_what, scope, text) => {
    const selector = text === undefined ? undefined : parseSelector(text);
    const steps = await stepsOf((lists) => lists.listAlerts({ selector, limit: 100 }), scope);
    expect(steps).not.toContain('scan node_fact');
    expect(steps).not.toContain('scan alert');
  });
});
