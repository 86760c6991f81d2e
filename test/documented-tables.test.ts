import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { agentProblems } from '../packages/runner-core/src/loop/agent-problems.js';
import { root } from '../scripts/published-packages.mjs';
import { betweenMarkers, renderTable } from './documentation/render-table.js';
import { documentedTables } from './documentation/tables.js';

function withoutAlignment(table: string | undefined): string[] {
  return (table ?? '').split('\n').map((line) => line.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---'));
}

describe('the documentation', () => {
  test.each(documentedTables())('has the table $marker of $page as the code has it (pnpm run docs)', (table) => {
    const page = readFileSync(join(root, table.page), 'utf8');
    expect(withoutAlignment(betweenMarkers(page, table.marker))).toEqual(withoutAlignment(renderTable(table)));
  });

  test.each(documentedTables())('has a row for each item of $marker in $page', ({ rows }) => {
    const names = rows.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(3);
  });

  test('names every outcome of the connector without a verdict', () => {
    const source = readFileSync(join(root, 'packages/cloudly-connector/src/outcomes/outcome.ts'), 'utf8');
    const union = source.split('export type NoVerdict =')[1]?.split(';\n\n')[0] ?? '';
    const kinds = [...union.matchAll(/kind: '([^']+)'/g)].map(([, kind = '']) => kind);
    expect(kinds.length).toBeGreaterThan(4);
    const named = new Set([...Object.keys(agentProblems), ...Object.keys(problems)]);
    expect(kinds.filter((kind) => !named.has(kind))).toEqual([]);
  });
});
