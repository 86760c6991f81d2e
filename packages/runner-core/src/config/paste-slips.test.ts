import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pasteSlips } from './paste-slips.js';

test('valid values have no paste errors', () => {
  const values = [
    '/data/baseos/state.json',
    'https://cloudly.example:8443/base',
    'unix:/run/baseos/metrics.sock',
    'QUJDRA==',
    'node-1',
    '10.0.0.0/8,.internal',
    'C:\\data\\state.json',
    "/mnt/John's disk/state.json",
    'http://user:pass"word@proxy.example:3128',
  ];
  expect(values.map((text) => pasteSlips(text))).toEqual(values.map((rest) => ({ clauses: [], rest })));
});

test('a value is the same without the characters copied around it, however many layers there are', () => {
  const layer = fc.constantFrom<(text: string) => string>(
    (text) => `"${text}"`,
    (text) => `\u2018${text}\u2019`,
    (text) => `${text}\r\n`,
    (text) => `  ${text}`,
    (text) => `\ufeff${text}`,
    (text) => `<${text}>`,
    (text) => `BASEOS_STATE_PATH=${text}`,
    (text) => `export HTTPS_PROXY=${text}`,
  );
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 5 }), (layers) => {
      const { clauses, rest } = pasteSlips(layers.reduce((text, add) => add(text), '/data/state.json'));
      expect(rest).toBe('/data/state.json');
      expect(clauses.length).toBeGreaterThan(0);
    }),
  );
});

test('the search terminates for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ' ', '<', '>', '=', 'BASEOS_A', '\r', 'x') }), (text) => {
      expect(pasteSlips(text).clauses.length).toBeLessThanOrEqual(8);
    }),
  );
});
