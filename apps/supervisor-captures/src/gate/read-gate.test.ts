import { describe, expect, test } from 'vitest';

import { device, situation, update } from '../../test/gate-recordings.js';
import { parseGate } from './read-gate.js';

test('a file is read as situations in the order of its titles, each with its version', () => {
  const records = [
    ...situation('Supervisor 19.0.5: one', device(0, '', 'Idle')),
    ...situation('Supervisor 14.13.14: other', update(0, { force: true })),
  ];
  expect(parseGate(JSON.stringify(records), 'gate.json')).toMatchObject([
    { index: 0, title: 'Supervisor 19.0.5: one', version: '19.0.5', entries: [{ atMs: 0 }] },
    { index: 1, version: '14.13.14', entries: [{ request: { method: 'POST', body: '{"force":true}' } }] },
  ]);
});

test.each([
  ['nothing', '{}', /^gate\.json is malformed at its top/],
  [
    'a title without a version',
    JSON.stringify(situation('x', update(0))),
    /^gate\.json is malformed at \[0\]\.situation/,
  ],
  ['no JSON', '[', /^gate\.json is not valid JSON/],
])('%s is a mistake that is told', (_what, json, message) => {
  expect(() => parseGate(json, 'gate.json')).toThrow(message);
});

describe('entries', () => {
  function timesOf(...entries: Parameters<typeof situation>[1][]): number[] {
    const [read] = parseGate(JSON.stringify(situation('Supervisor 19.0.5: x', ...entries)), 'gate.json');
    return (read?.entries ?? []).map(({ atMs }) => atMs);
  }

  test('are in the order of time, and not in that of the file', () => {
    expect(timesOf(device(1.45, '', 'Idle'), update(1.4))).toEqual([1400, 1450]);
  });

  test('that were seen before the event of the title come first', () => {
    expect(timesOf(device(15.2, '', 'Idle'), update(0), device(0.2, 'P', 'Idle'))).toEqual([0, 0, 200]);
  });
});
