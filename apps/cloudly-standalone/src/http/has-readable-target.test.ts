import { describe, expect, test } from 'vitest';
import { hasReadableTarget } from './has-readable-target.js';

describe('a target and a host', () => {
  test.each([
    ['/baseos/v1/nodes/register', 'cloudly.example'],
    ['/?a\\b', 'cloudly.example:8437'],
    ['/', 'CLOUDLY.example'],
    ['/', '192.0.2.7:80'],
    ['/', '[2001:db8::7]:8437'],
    ['/', '[::1]'],
    ['/', 'with_underscore'],
    ['//user:password@host/', 'a'],
    ['http://other.example/healthz', 'a'],
    ['https://other.example', 'a'],
    ['/', undefined],
    ['/', ''],
  ])('%j at %j is readable', (url, host) => {
    expect(hasReadableTarget({ url, headers: { host } })).toBe(true);
  });

  test.each([
    ['/\\', 'a'],
    ['http://a\\b/', 'a'],
    ['*', 'a'],
    ['', 'a'],
    ['healthz', 'a'],
    ['ftp://a/', 'a'],
    ['http://', 'a'],
    ['/', 'a b'],
    ['/', 'a/b'],
    ['/', 'user@a'],
    ['/', 'a:99999'],
    ['/', '[::1'],
    ['/', '127.1:80'],
  ])('%j at %j is not readable', (url, host) => {
    expect(hasReadableTarget({ url, headers: { host } })).toBe(false);
  });
});
