import { expect, test } from 'vitest';
import { type ProblemCode, problemHeaders, problems } from './index.js';

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
