import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { replacesModules } from './replaces-modules.js';

test('no test replaces a module but those that have a process of their own, because others would get the replacement', () => {
  const exclude = ['**/node_modules/**', '**/dist/**'];
  const tests = globSync('{apps,examples,packages,test}/**/*.test.ts', { cwd: root, exclude });
  expect(tests.length).toBeGreaterThan(100);
  const replacing = tests.filter((path) => /\bvi\.(?:mock|doMock)\(['"]/.test(readFileSync(join(root, path), 'utf8')));
  expect(replacing.toSorted()).toEqual(replacesModules);
});
