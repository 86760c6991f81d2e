import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../protocol/limits.js';
import { inspectJson, parseSafeJsonObject } from './safe-json.js';

/** Strings that are unsafe in one way or another, as they are and as JSON escapes them. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u0000', '\ud800', '__proto__', '\\', '\\u', '\u2028', '{[', 'x'.repeat(limits.stringMaxLength + 1)),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.array(tie('any')), fc.dictionary(text, tie('any'))),
})).any;

/** The same JSON, with characters of its strings escaped that need not be. */
function escaped(jsonText: string): string {
  return jsonText.replace(/[a-z_]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

test('a text whose values are all safe by their look is judged as if each were looked at', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value), fc.boolean(), fc.nat(40), (members, isEscaped, depth) => {
      const written = JSON.stringify(members);
      const inner = isEscaped && !/true|false|null/.test(written) ? escaped(written) : written;
      const jsonText = `${'{"a":['.repeat(depth)}${inner}${']}'.repeat(depth)}`;
      expect(parseSafeJsonObject(jsonText)).toEqual(inspectJson(JSON.parse(jsonText) as Record<string, unknown>));
    }),
  );
});

test.each([
  ['{"a":"\ud800"}', 'safe-text'],
  ['{"a":"\\u0000"}', 'safe-text'],
  ['{"\\u005f_proto__":1}', 'safe-key'],
  ['{"__proto__":1}', 'safe-key'],
])('what is unsafe in a short text is found: %j', (jsonText, rule) => {
  const parsed = parseSafeJsonObject(jsonText);
  expect(parsed.ok ? undefined : parsed.issue.rule).toBe(rule);
});
