// Writes the tables of the documentation that the code gives: `pnpm run docs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/published-packages.mjs';
import { betweenMarkers, renderTable } from './render-table.js';
import { documentedTables } from './tables.js';

for (const table of documentedTables()) {
  const path = join(root, table.page);
  const page = readFileSync(path, 'utf8');
  const before = betweenMarkers(page, table.marker);
  if (before === undefined) throw new Error(`${table.page} has no place for the table ${table.marker}`);
  const [open, close] = [`<!-- ${table.marker} -->`, `<!-- /${table.marker} -->`];
  const start = page.indexOf(open) + open.length;
  writeFileSync(path, `${page.slice(0, start)}\n\n${renderTable(table)}\n\n${page.slice(page.indexOf(close))}`);
}
