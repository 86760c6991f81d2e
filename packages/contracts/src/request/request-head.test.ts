import { describe, expect, test } from 'vitest';
import vectors from '../../test-vectors.json' with { type: 'json' };
import { judgeRequestHead, limits, type RequestHeaders } from '../index.js';

function codeOf(headers: RequestHeaders, method: string | undefined = 'POST') {
  return judgeRequestHead({ method, headers })?.code;
}

const plain = { 'content-type': 'application/json' };

describe('the method', () => {
  test('is POST, in upper case', () => {
    expect(codeOf(plain)).toBeUndefined();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'post', '', undefined]) {
      expect(judgeRequestHead({ method, headers: plain })).toEqual({ code: 'method-not-allowed' });
    }
  });

  test('is checked before the headers', () => {
    expect(codeOf({}, 'GET')).toBe('method-not-allowed');
  });
});

describe('Content-Type', () => {
  test.each(vectors.contentTypes)('$contentType is accepted: $taken', ({ contentType, taken }) => {
    for (const headers of [{ 'content-type': contentType }, new Headers({ 'content-type': contentType })]) {
      expect(codeOf(headers)).toBe(taken ? undefined : 'unsupported-media-type');
    }
  });

  test.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json ; charset="utf-8"',
  ])('may be %s', (type) => {
    expect(codeOf({ 'content-type': type })).toBeUndefined();
    expect(codeOf(new Headers({ 'content-type': type }))).toBeUndefined();
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'application/jsonx',
    'application/problem+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'text/plain, application/json',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/json; charset="utf-8',
    'application/json; charset=utf-8; charset=utf-7',
  ])('is rejected as %s', (type) => {
    expect(codeOf({ 'content-type': type })).toBe('unsupported-media-type');
    expect(codeOf(new Headers(type === undefined ? {} : { 'content-type': type }))).toBe('unsupported-media-type');
  });

  test('is rejected if it is sent more than once', () => {
    const twice = new Headers(plain);
    twice.append('content-type', 'application/json');
    for (const headers of [
      twice,
      { 'content-type': ['application/json', 'application/json'] },
      { 'content-type': 'application/json', 'Content-Type': 'application/json' },
    ]) {
      expect(codeOf(headers)).toBe('unsupported-media-type');
    }
    expect(codeOf({ 'content-type': ['application/json'] })).toBeUndefined();
  });
});

test('header names are case-insensitive', () => {
  expect(codeOf({ 'Content-Type': 'application/json' })).toBeUndefined();
  expect(codeOf({ ...plain, 'CONTENT-ENCODING': 'gzip' })).toBe('unsupported-media-type');
});

test('a header named get is a header', () => {
  expect(codeOf({ ...plain, get: 'a' })).toBeUndefined();
});

test.each(['gzip', 'identity', 'x-unknown', ''])('Content-Encoding is rejected: "%s"', (encoding) => {
  for (const headers of [
    { ...plain, 'content-encoding': encoding },
    { ...plain, 'content-encoding': [encoding] },
    new Headers({ ...plain, 'content-encoding': encoding }),
  ]) {
    expect(judgeRequestHead({ method: 'POST', headers })).toEqual({
      code: 'unsupported-media-type',
      detail: 'The body must come without Content-Encoding.',
    });
  }
});

test('Content-Length may be as large as the contract allows', () => {
  const withLength = (length: string) => codeOf({ ...plain, 'content-length': length });
  expect(withLength(String(limits.bodyMaxBytes))).toBeUndefined();
  expect(withLength(String(limits.bodyMaxBytes + 1))).toBe('payload-too-large');
  expect(withLength('9'.repeat(400))).toBe('payload-too-large');
});
