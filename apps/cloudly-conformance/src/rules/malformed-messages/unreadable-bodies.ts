import { limits } from '@serve.zone/baseos-contracts';
import { expectRefused, type Spoil, withMember } from '../../rule/both-endpoints.js';
import type { Rule } from '../../rule/rule.js';
import { bodyOf, member, lists } from './spoil-body.js';

const noJson: Record<string, Spoil> = {
  'an empty body': bodyOf(() => ''),
  'half a body': bodyOf((json) => json.slice(0, json.length / 2)),
  'a list': bodyOf((json) => `[${json}]`),
  null: bodyOf(() => 'null'),
  'a string': bodyOf((json) => JSON.stringify(json)),
  'a comma too many': bodyOf((json) => `${json.slice(0, -1)},}`),
  'a comment': bodyOf((json) => `/* a comment */${json}`),
  'NaN for a number': member('"note":NaN'),
  'a string of quotes that never ends': bodyOf(() => `"${String.raw`\"`.repeat(100_000)}`),
};

const noUtf8: Record<string, Spoil> = {
  'a byte that does not complete a character': bodyOf((json) => {
    const bytes = new TextEncoder().encode(withMember(json, '"note":"?"'));
    bytes[bytes.indexOf('?'.charCodeAt(0))] = 0xc3;
    return bytes;
  }),
  'a surrogate in UTF-8': bodyOf((json) => {
    const [before = '', after = ''] = withMember(json, '"note":"?"').split('?');
    return Buffer.concat([Buffer.from(before), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(after)]);
  }),
  'UTF-16': bodyOf((json) => Buffer.from(`\ufeff${json}`, 'utf16le')),
};

const unsafeText: Record<string, Spoil> = {
  'U+0000 in a string': member(String.raw`"note":"a\u0000b"`),
  'U+0000 in a string far inside': member(String.raw`"note":[{"deeper":["a\u0000b"]}]`),
  'U+0000 in a key': member(String.raw`"a\u0000b":1`),
  'a high surrogate alone': member(String.raw`"note":"\ud800"`),
  'a low surrogate alone': member(String.raw`"note":"\udc00 and more"`),
  'surrogates in the wrong order': member(String.raw`"note":"\udc00\ud800"`),
  'a lone surrogate in a key': member(String.raw`"\ud800":1`),
};

function objects(depth: number): string {
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}

const tooDeep: Record<string, Spoil> = {
  'lists one deeper than the limit': member(`"note":${lists(limits.bodyMaxDepth)}`),
  'objects far deeper than the limit': member(`"note":${objects(10 * limits.bodyMaxDepth)}`),
  'lists absurdly deep': bodyOf(() => lists(50_000)),
  'objects absurdly deep': member(`"note":${objects(30_000)}`),
};

function refusesEach(name: string, cites: Rule['cites'], rule: string, cases: Record<string, Spoil>): Rule {
  return {
    name,
    cites,
    rule,
    run: async (context: Parameters<typeof expectRefused>[0]) => {
      for (const [what, spoil] of Object.entries(cases)) await expectRefused(context, 'malformed-request', what, spoil);
    },
  };
}

/** Bodies that cannot be read at all. */
export const unreadableBodies: readonly Rule[] = [
  refusesEach('no-json', ['J-1'], 'a body that is not a JSON object is answered 400 malformed-request', noJson),
  refusesEach('no-utf-8', ['F-8'], 'a body that is not UTF-8 is answered 400 malformed-request', noUtf8),
  refusesEach(
    'unsafe-text',
    ['J-3'],
    'U+0000 and lone surrogates, in any string or key, are answered 400 malformed-request',
    unsafeText,
  ),
  refusesEach(
    'too-deep',
    ['J-2'],
    `nesting deeper than ${limits.bodyMaxDepth} is answered 400 malformed-request`,
    tooDeep,
  ),
  refusesEach(
    'string-too-long',
    ['J-5'],
    `a string longer than ${limits.stringMaxLength} is answered 400 malformed-request`,
    {
      'a string one longer than the limit': member(`"note":"${'x'.repeat(limits.stringMaxLength + 1)}"`),
      'a string of characters beyond U+FFFF': member(`"note":"${'\u{1f9ca}'.repeat(limits.stringMaxLength + 1)}"`),
    },
  ),
  refusesEach('key-proto', ['J-4'], 'a key __proto__ is answered 400 malformed-request', {
    'a key __proto__': member('"__proto__":{"accepted":true}'),
    'a key __proto__ far inside': member('"note":[{"__proto__":{"accepted":true}}]'),
  }),
];
