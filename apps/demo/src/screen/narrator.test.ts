import { expect, test } from 'vitest';
import { createNarrator } from './narrator.js';

function setUp(options: { isTTY?: boolean; env?: Record<string, string> } = {}) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY: options.isTTY };
  return { written, narrate: createNarrator(stream, options.env ?? {}) };
}

test('puts the name of the program before each line', () => {
  const { written, narrate } = setUp();
  narrate('cloudly', 'one\ntwo');
  narrate('node', 'three');
  narrate('demo', 'four\n');
  expect(written.join('')).toBe('Cloudly     one\nCloudly     two\nBaseRunner  three\n            four\n\n');
});

test('colours lines on a terminal', () => {
  const { written, narrate } = setUp({ isTTY: true });
  narrate('cloudly', 'one');
  expect(written).toEqual(['\u001b[36mCloudly     one\u001b[0m\n']);
});

test.each([
  ['in a pipe', { isTTY: false }],
  ['with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }],
  ['on a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }],
])('uses no colours %s', (_where, options) => {
  const { written, narrate } = setUp(options);
  narrate('cloudly', 'one');
  expect(written).toEqual(['Cloudly     one\n']);
});

test('passes on nothing that a terminal obeys', () => {
  const { written, narrate } = setUp();
  narrate('node', 'a\u001b[2Jb\rc\u202ed');
  expect(written).toEqual([String.raw`BaseRunner  a\u001b[2Jb\rc\u202ed` + '\n']);
});
