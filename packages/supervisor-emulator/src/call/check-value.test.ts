import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkInteger, checkString, isTruthy } from './check-value.js';

test.each<[unknown, number | undefined]>([
  [7, 7],
  ['7', 7],
  ['1234567.0', 1_234_567],
  ['7.', 7],
  ['-3', -3],
  [0, 0],
  [['7'], 7],
  [1.5, undefined],
  ['1.5', undefined],
  ['', undefined],
  [' 7', undefined],
  ['abc', undefined],
  ['0x10', undefined],
  ['1e3', undefined],
  [null, undefined],
  [undefined, undefined],
  [true, undefined],
  [{}, undefined],
])('checkInteger(%j) is %j', (value, number) => {
  expect(checkInteger(value)).toBe(number);
});

test.each<[unknown, string | undefined]>([
  ['main', 'main'],
  ['', undefined],
  ['null', undefined],
  ['undefined', undefined],
  [5, undefined],
  [null, undefined],
])('checkString(%j) is %j', (value, string) => {
  expect(checkString(value)).toBe(string);
});

test('no JSON value makes the checks throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(['number', 'undefined']).toContain(typeof checkInteger(value));
      expect(['string', 'undefined']).toContain(typeof checkString(value));
      expect(typeof isTruthy(value)).toBe('boolean');
    }),
    { examples: [[{ toString: 1 }], [[{ toString: null }]]] },
  );
});
