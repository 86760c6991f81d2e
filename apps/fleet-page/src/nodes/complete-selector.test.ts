import { expect, test } from 'vitest';
import { completeSelector } from './complete-selector.js';

const known = {
  labelKeys: [
    { value: 'site', count: 3 },
    { value: 'store-type', count: 1 },
  ],
  values: [],
};

function complete(typed: string, values: string[] = []) {
  const caret = typed.indexOf('|');
  const text = typed.replace('|', '');
  const completion = completeSelector(text, caret, { ...known, values: values.map((value) => ({ value, count: 1 })) });
  const results = completion.suggestions.map(
    (each) => text.slice(0, completion.from) + each.text + text.slice(completion.to),
  );
  return { ...completion, results };
}

test('fields and labels begin with what is typed', () => {
  expect(complete('st|').results).toEqual(['state:', 'staged=', 'storage<', 'label.store-type=']);
  expect(complete('label.si|').results).toEqual(['label.site=']);
});

test('the one field that is meant comes with its values', () => {
  expect(complete('state|').results.slice(0, 3)).toEqual(['state:', 'state:pending', 'state:revoked']);
});

test('a word in the middle, and after a minus, is completed in its place', () => {
  expect(complete('agent<1 -si| name~x').results).toEqual(['agent<1 -label.site= name~x']);
});

test('values are those of the field, after the last comma, quoted if they must be', () => {
  const { results, valuesOf } = complete('label.site=berlin,p|', ['paris', 'Porto Alto', 'berlin']);
  expect(results).toEqual(['label.site=berlin,paris', 'label.site=berlin,"Porto Alto"']);
  expect(valuesOf).toBe('label.site');
  expect(complete('gate:c|').results).toEqual(['gate:closed']);
});

test('where nothing fits, nothing is offered', () => {
  expect(complete('name~x|').results).toEqual([]);
});
