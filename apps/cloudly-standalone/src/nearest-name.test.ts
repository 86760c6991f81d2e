import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

const names = ['serve', 'join-token', 'node'];

it.each([
  ['server', 'serve'],
  ['jion-token', 'join-token'],
  ['nodes', 'node'],
  ['jointoken', 'join-token'],
])('%s was meant to be %s', (typed, meant) => {
  expect(nearestName(typed, names)).toBe(meant);
});

it.each(['', 'x', 'database', 'help-me'])('"%s" is near to none', (typed) => {
  expect(nearestName(typed, names)).toBeUndefined();
});
