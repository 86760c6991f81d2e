import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

test('no unit test replaces a module, because other tests share its process and would get the replacement', () => {
  const unitTests = globSync(['{apps,packages}/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'], { cwd: root });
  expect(unitTests.length).toBeGreaterThan(100);
  expect(unitTests.filter((path) => /\bvi\.(?:mock|doMock)\(/.test(readFileSync(join(root, path), 'utf8')))).toEqual(
    [],
  );
});
