import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { slowestFiles } from './slowest-first.js';

test('the files that run first exist', () => {
  expect(slowestFiles.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
