import { expect, test } from 'vitest';
import { readLabels } from './read-labels.js';

test('labels are read as they are typed', () => {
  expect(readLabels(' site=berlin  canary -old,x=a=b ')).toEqual({ site: 'berlin', canary: '', old: null, x: 'a=b' });
  expect(readLabels('')).toEqual({});
});
