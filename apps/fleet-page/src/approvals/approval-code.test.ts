import { expect, test } from 'vitest';
import { foldCode, groupCode } from './approval-code.js';

test('case, spaces and dashes do not matter', () => {
  expect(foldCode(' 7k3m-9x ')).toBe('7K3M9X');
  expect(groupCode('7k3m9xq2')).toBe('7K3M 9XQ2');
  expect(groupCode('')).toBe('');
});
