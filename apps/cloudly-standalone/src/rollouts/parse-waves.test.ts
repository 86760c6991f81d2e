import { UsageError } from '@serve.zone/baseos-command-line';
import { expect, test } from 'vitest';
import { parseWaves } from './parse-waves.js';

test.each([
  ['rest', [{}]],
  [
    '1 manual; 10% soak 15m; rest',
    [{ size: { count: 1 }, gate: 'manual' }, { size: { percent: 10 }, soakMs: 900_000 }, {}],
  ],
  [
    'rest where label.canary state:online,late manual;0.5% soak 1h manual; rest',
    [
      { select: 'label.canary state:online,late', gate: 'manual' },
      { size: { percent: 0.5 }, soakMs: 3_600_000, gate: 'manual' },
      {},
    ],
  ],
])('%s is read', (text, waves) => {
  expect(parseWaves(text)).toEqual(waves);
});

test.each([
  ['', 'wave 1 must begin with a number of nodes'],
  ['1; ; rest', 'wave 2 must begin with a number of nodes'],
  ['-1; rest', 'wave 1 must begin with a number of nodes'],
  ['1 soak; rest', 'wave 1 needs a duration after soak'],
  ['1 where manual; rest', 'wave 1 needs a selector after where'],
  ['1 slowly; rest', 'wave 1 has a word that it cannot have: slowly'],
])('%j is no waves', (text, message) => {
  expect(() => parseWaves(text)).toThrow(UsageError);
  expect(() => parseWaves(text)).toThrow(message);
});
