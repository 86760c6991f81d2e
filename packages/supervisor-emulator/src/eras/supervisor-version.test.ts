import { expect, test } from 'vitest';

import { isAtLeast } from './supervisor-version.js';

test.each([
  ['19.0.5', '19.0.5', true],
  ['19.0.5', '17.7', true],
  ['17.7.0', '17.7', true],
  ['17.6.9', '17.7', false],
  ['9.11.1', '10.0.0', false],
  ['14.10.0', '14.7.0', true],
  ['19.0.5-1234', '19.0.5', true],
  ['', '1.0.0', false],
])('%s is at least %s: %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
