import { expect, test } from 'vitest';
import { readQuestion, writeQuestion } from './list-question.js';

function roundTrip(query: Record<string, string>) {
  const given = Object.entries(writeQuestion(readQuestion(new URLSearchParams(query))));
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
}

test('an address says again what it has said', () => {
  const query = { selector: 'state:offline "a b"', sort: '-seen', view: 'v', after: '["gate é",  "n-1"]', from: '100' };
  expect(roundTrip(query)).toEqual({ ...query, after: '["gate é","n-1"]' });
});

test('what is as usual is left out, and what cannot be read is as usual', () => {
  expect(roundTrip({ sort: 'name', after: 'x', from: '-3' })).toEqual({});
  expect(readQuestion(new URLSearchParams('sort=bogus&after=[1]')).sort).toEqual({ by: 'name', isDescending: false });
});
