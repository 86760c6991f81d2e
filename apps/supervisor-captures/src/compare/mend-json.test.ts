import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareShapes } from './compare-shapes.js';
import { mendJson } from './mend-json.js';

test.each<[text: string, value: unknown]>([
  ['{"a":1,"b":[1,2', { a: 1, b: [1] }],
  ['{"a":{"b":"x"},"c":"tor', { a: { b: 'x' } }],
  ['{"a":"x\\"},{","b', { a: 'x"},{' }],
  ['{"a"', {}],
  ['[1,2]', [1, 2]],
  ['"tor', undefined],
  ['', undefined],
])('%s yields %j', (text, value) => {
  expect(mendJson(text)).toEqual(value);
});

test('wherever JSON is truncated, the result is the beginning of it', () => {
  const anyJson = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
  const differences = (text: string, cut: number): string[] => {
    const mended = mendJson(text.slice(0, cut));
    return mended === undefined ? [] : compareShapes(mended, JSON.parse(text), { isPartial: true });
  };
  fc.assert(
    fc.property(anyJson, fc.nat(), (value, cut) => {
      const text = JSON.stringify(value);
      expect(differences(text, cut % (text.length + 1))).toEqual([]);
    }),
  );
});
