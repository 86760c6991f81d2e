import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bypassesProxy } from './bypasses-proxy.js';

function bypasses(url: string, noProxy: string): boolean {
  return bypassesProxy(new URL(url), noProxy);
}

describe('NO_PROXY', () => {
  test.each([
    ['example.com', 'https://example.com'],
    ['example.com', 'https://cloudly.example.com'],
    ['.example.com', 'https://cloudly.example.com'],
    ['.example.com', 'https://example.com'],
    ['*.example.com', 'https://cloudly.example.com'],
    ['EXAMPLE.com', 'https://Cloudly.Example.Com'],
    ['example.com.', 'https://example.com'],
    ['example.com', 'https://example.com.'],
    ['*', 'https://example.com'],
    ['a.example, b.example', 'https://b.example'],
    ['a.example b.example', 'https://b.example'],
    ['example.com:443', 'https://example.com'],
    ['example.com:8443', 'https://example.com:8443'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['10.1.2.3:8443', 'https://10.1.2.3:8443'],
    ['fd00::1', 'https://[fd00::1]'],
    ['[fd00::1]', 'https://[fd00:0:0::1]'],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443'],
    ['fd00::/8', 'https://[fd00::1]'],
    ['xn--bcher-kva.example', 'https://bücher.example'],
  ])('%s covers %s', (noProxy, url) => {
    expect(bypasses(url, noProxy)).toBe(true);
  });

  test.each([
    ['', 'https://example.com'],
    [',, ,', 'https://example.com'],
    ['.', 'https://example.com'],
    ['example.com', 'https://myexample.com'],
    ['example.com', 'https://example.com.evil.example'],
    ['cloudly.example.com', 'https://example.com'],
    ['example.com:8443', 'https://example.com'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/99', 'https://10.0.0.1'],
    ['10.0.0.0/x', 'https://10.0.0.1'],
    ['0.0.1', 'https://10.0.0.1'],
    ['fd00::/8', 'https://[fe80::1]'],
    ['::ffff:10.0.0.1', 'https://10.0.0.1'],
  ])('%s does not cover %s', (noProxy, url) => {
    expect(bypasses(url, noProxy)).toBe(false);
  });

  test('accepts any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), (noProxy, url) => {
        expect(typeof bypasses(url, noProxy)).toBe('boolean');
      }),
    );
  });
});

test.each(['http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:1'])(
  'never sends calls to this machine through a proxy: %s',
  (url) => {
    expect(bypasses(url, '')).toBe(true);
  },
);
