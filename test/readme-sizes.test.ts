import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

test("the sizes in the client's README are within the limits that CI enforces", () => {
  const limitsBytes = JSON.parse(read('scripts/client-size-limits.json')) as Record<string, number>;
  const readme = read('packages/supervisor-client/README.md');
  const table = readme.split('<!-- sizes -->')[1]?.split('<!-- /sizes -->')[0] ?? '';
  const rows = Array.from(table.matchAll(/^\| ([a-z][^|]*?) +\| ([\d.]+) kB +\| ([\d.]+) kB +\|$/gm), (row) => ({
    name: row[1] ?? '',
    measured: Number(row[2]) * 1000,
    limit: Number(row[3]) * 1000,
  }));
  expect(Object.fromEntries(rows.map(({ name, limit }) => [name, limit]))).toEqual(limitsBytes);
  expect(rows.filter(({ measured, limit }) => measured > limit)).toEqual([]);
});
