import { expect, test } from 'vitest';
import { type ProblemCode, problemDocument, problemHeaders, problems } from '../index.js';

test('every problem has its media type and is not cacheable', () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    expect(problemHeaders(code)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
  }
});

test('method-not-allowed names the allowed method', () => {
  expect(problemHeaders('method-not-allowed')).toHaveProperty('allow', 'POST');
  expect(problemHeaders('method-not-allowed', { endpoint: 'heartbeat' })).toHaveProperty('allow', 'POST');
  expect(problemHeaders('method-not-allowed', { endpoint: 'wake' })).toHaveProperty('allow', 'GET');
  expect(problemHeaders('not-found')).not.toHaveProperty('allow');
});

test('every 401 names the required scheme, and distinguishes a bad credential from a missing one', () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    const expected = problems[code].status === 401 ? 'Bearer realm="baseos"' : undefined;
    expect(problemHeaders(code)['www-authenticate']).toBe(expected);
  }
  const { 'www-authenticate': challenge } = problemHeaders('node-token-unknown', { hadCredential: true });
  expect(challenge).toBe('Bearer realm="baseos", error="invalid_token"');
});

test('a wait is given in whole seconds, rounded up', () => {
  expect(problemHeaders('rate-limited', { retryAfterMs: 1500 })).toHaveProperty('retry-after', '2');
  expect(problemHeaders('rate-limited')).not.toHaveProperty('retry-after');
});

test('a wait that is over gives a Retry-After of 0', () => {
  for (const retryAfterMs of [0, -1, -5000]) {
    expect(problemHeaders('unavailable', { retryAfterMs })).toHaveProperty('retry-after', '0');
  }
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, '30' as never, null as never])(
  'a wait of %s throws',
  (retryAfterMs) => {
    expect(() => problemHeaders('unavailable', { retryAfterMs })).toThrow('retryAfterMs must be a number');
  },
);

test.each(['not-a-code', 'constructor', '', undefined])('a problem that is not in the table throws: %s', (code) => {
  const issuer = { cloudlyId: 'cloudly', serverTime: '2026-11-23T16:00:00Z' };
  expect(() => problemHeaders(code as ProblemCode)).toThrow('There is no problem with this code');
  expect(() => problemDocument({ code: code as ProblemCode }, issuer)).toThrow(TypeError);
});
