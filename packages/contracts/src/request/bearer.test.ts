import { describe, expect, test } from 'vitest';
import vectors from '../../test-vectors.json' with { type: 'json' };
import { bearerOf, limits } from '../index.js';

describe('the bearer token of a request', () => {
  test.each(vectors.authorizations)('of "$authorization" is $token', ({ authorization, token }) => {
    for (const headers of [{ authorization }, { Authorization: [authorization] }, new Headers({ authorization })]) {
      expect(bearerOf(headers) ?? null).toBe(token);
    }
  });

  test.each([
    ['no header', {}],
    ['an empty one', { authorization: '' }],
    ['two of them', { authorization: ['Bearer a', 'Bearer b'] }],
    ['invisible or non-ASCII characters', { authorization: 'Bearer a\u00e9' }],
    ['a tab', { authorization: 'Bearer\ta' }],
    ['more characters than a token may have', { authorization: `Bearer ${'a'.repeat(limits.tokenMaxLength + 1)}` }],
    ['a long run of spaces', { authorization: `Bearer ${' '.repeat(100_000)}\u00e9` }],
  ])('is missing from %s', (_case, headers) => {
    expect(bearerOf(headers)).toBeUndefined();
  });

  test('may be as long as a token may be', () => {
    const token = 'a'.repeat(limits.tokenMaxLength);
    expect(bearerOf({ authorization: `Bearer ${token}` })).toBe(token);
  });

  test('of a whole request passed in place of its headers throws', () => {
    for (const headers of [undefined, null, [], 'Bearer a']) {
      expect(() => bearerOf(headers as never)).toThrow(TypeError);
    }
    const headers = { authorization: 'Bearer a' };
    for (const request of [new Request('http://localhost', { headers }), { method: 'POST', headers }]) {
      expect(() => bearerOf(request as never)).toThrow('This is a request: give its headers');
    }
  });

  test('is read from a request with its own get method, as in Express', () => {
    const request = { headers: {}, get: (name: string) => (name === 'authorization' ? 'Bearer a' : undefined) };
    expect(bearerOf(request)).toBe('a');
    expect(bearerOf({ authorization: 'Bearer a', headers: ['a', 'b'] })).toBe('a');
  });
});
