import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.js';

const names = ['serve', 'join-token', 'node', '--port', '-h'];

test.each([
  ['server', 'serve'],
  ['serv', 'serve'],
  ['jion-token', 'join-token'],
  ['join', 'join-token'],
  ['nodes', 'node'],
  ['ndoe', 'node'],
  ['jointoken', 'join-token'],
  ['--prot', '--port'],
  ['SERVE', 'serve'],
  ['-H', '-h'],
])('%s suggests %s', (typed, meant) => {
  expect(nearestName(typed, names)).toBe(meant);
});

test.each(['', 'x', '-x', 'jo', 'database', 'help-me'])('"%s" suggests nothing', (typed) => {
  expect(nearestName(typed, names)).toBeUndefined();
});
