import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../docs/decisions');

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

const decisions = readdirSync(folder).filter((name) => name !== 'README.md');

test('the index lists each decision once, in the order of its number, with its title', () => {
  const rows = Array.from(read('README.md').matchAll(/^- \[(\d{4})\]\((\S+)\) (.+)$/gm), (row) => row.slice(1));
  const expected = decisions
    .toSorted()
    .map((name) => [name.slice(0, 4), name, /^# (.+)$/m.exec(read(name))?.[1] ?? 'no title']);
  expect(rows).toEqual(expected);
});

test('each decision has its own number', () => {
  const numbers = decisions.map((name) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const name of decisions) expect(name).toMatch(/^\d{4}-[a-z\d-]+\.md$/);
});
