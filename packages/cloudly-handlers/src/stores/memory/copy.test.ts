import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copy } from './copy.js';

test('a copy has all that the value has, and shares nothing with it', () => {
  fc.assert(
    fc.property(
      fc.object({ withNullPrototype: false, key: fc.oneof(fc.string(), fc.constant('__proto__')) }),
      (value) => {
        const before = structuredClone(value);
        const copied = copy(value);
        expect(copied).toEqual(before);
        expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
        change(copied);
        expect(value).toEqual(before);
      },
    ),
  );
});

function change(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) change(member);
  Object.assign(value, { changed: true });
}
