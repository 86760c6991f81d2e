import { expect, test } from 'vitest';
import { pagePathOf } from './page-path.js';

test('a view has a path of its own, with or without the prefix', () => {
  for (const path of ['/', '/nodes', '/nodes/gate-7', '/invitation', '/fleet', '/fleet/', '/fleet/nodes/gate-7']) {
    expect(pagePathOf(path, '/fleet')).toBe('view');
  }
});

test('a file is found by its path below the prefix', () => {
  expect(pagePathOf('/assets/main-A.js', '')).toBe('assets/main-A.js');
  expect(pagePathOf('/fleet/assets/main-A.js', '/fleet')).toBe('assets/main-A.js');
});

test('other paths are not of the page', () => {
  for (const path of ['/healthz', '/baseos/v1/register', '/nodes.csv', '/fleetx/nodes', '/fleet/healthz']) {
    expect(pagePathOf(path, '/fleet')).toBeUndefined();
  }
});
