import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../cloudly-handlers/src/fleet-calls');

test('each test of a call makes its fleet where the project "remote" puts one behind the API', () => {
  const files = globSync('*.test.ts', { cwd: folder });
  const others = files.filter((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    return source.includes('createFleet(') && !source.includes("import { createFleet } from '../create-fleet.js';");
  });
  expect(files.length).toBeGreaterThan(8);
  expect(others).toEqual([]);
});
