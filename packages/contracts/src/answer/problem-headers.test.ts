import { expect, test } from 'vitest';
import { type ProblemCode, problemDocument, problemHeaders, problems } from '../index.js';

test('every problem has its media type, and is kept by no cache', () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    expect(problemHeaders(code)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
  }
});

test('method-not-allowed names the method that is', () => {
  expect(problemHeaders('method-not-allowed')).toHaveProperty('allow', 'POST');
  expect(problemHeaders('not-found')).not.toHaveProperty('allow');
});

test('every 401 says by what to come, and tells a bad credential from none', () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    const expected = problems[code].status === 401 ? 'Bearer realm="baseos"' : undefined;
    expect(problemHeaders(code)['www-authenticate']).toBe(expected);
  }
  const { 'www-authenticate': challenge } = problemHeaders('node-token-unknown', { hadCredential: true });
  expect(challenge).toBe('Bearer realm="baseos", error="invalid_token"');
});

test('a wait is told in whole seconds, rounded up', () => {
  expect(problemHeaders('rate-limited', { retryAfterMs: 1500 })).toHaveProperty('retry-after', '2');
  expect(problemHeaders('rate-limited')).not.toHaveProperty('retry-after');
});

test('a wait that is over is none', () => {
  for (const retryAfterMs of [0, -1, -5000]) {
    expect(problemHeaders('unavailable', { retryAfterMs })).toHaveProperty('retry-after', '0');
  }
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, '30' as never, null as never])(
  'a wait of %s is a mistake',
  (retryAfterMs) => {
    expect(() => problemHeaders('unavailable', { retryAfterMs })).toThrow('retryAfterMs must be a number');
  },
);

test.each(['not-a-code', 'constructor', '', undefined])(
  'a problem that is not in the table is a mistake: %s',
  (code) => {
    const issuer = { cloudlyId: 'cloudly', serverTime: '2026-11-23T16:00:00Z' };
    expect(() => problemHeaders(code as ProblemCode)).toThrow('There is no problem with this code');
    expect(() => problemDocument({ code: code as ProblemCode }, issuer)).toThrow(TypeError);
  },
);
