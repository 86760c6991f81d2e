import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { expect, test } from 'vitest';
import { pagerOf } from './open-pager.js';

test.each([
  [{ PAGER: 'more' }, 'more'],
  [{ PAGER: 'less -S' }, 'less -S'],
  [{ PAGER: '' }, undefined],
  [{ PAGER: ' cat ' }, undefined],
  [{ PATH: '' }, undefined],
  [{}, undefined],
])('with %j the pager is %j', (env, pager) => {
  expect(pagerOf(env)).toBe(pager);
});

test('less is the pager where it is installed', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'less'), '');
  expect(pagerOf({ PATH: `/nowhere:${folder}` })).toBeUndefined();
  chmodSync(join(folder, 'less'), 0o755);
  expect(pagerOf({ PATH: `/nowhere:${folder}` })).toBe('less');
});
