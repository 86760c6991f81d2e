import { describe, expect, test } from 'vitest';
import { listenAddress, showListenAddress } from './listen-address.js';

describe('a listen address', () => {
  test.each([
    ['127.0.0.1:9464', { kind: 'tcp', host: '127.0.0.1', port: 9464 }],
    ['localhost:80', { kind: 'tcp', host: 'localhost', port: 80 }],
    ['[::1]:65535', { kind: 'tcp', host: '::1', port: 65_535 }],
    ['unix:/run/baseos/metrics.sock', { kind: 'unix', path: '/run/baseos/metrics.sock' }],
  ] as const)('may be %s, and is shown as it was given', (text, address) => {
    const parsed = listenAddress(text);
    expect(parsed).toEqual({ ok: true, value: address });
    expect(showListenAddress(address)).toBe(text);
  });

  test.each(['0.0.0.0:9464', '[::]:9464', '192.168.1.2:9464', 'metrics.example:9464', '[fe80::1]:9464'])(
    'cannot be %s, which others can reach',
    (text) => {
      expect(listenAddress(text)).toEqual({
        ok: false,
        problem: expect.stringContaining('other machines can reach') as string,
      });
    },
  );

  test.each(['127.1:9464', '0177.0.0.1:9464', '0x7f000001:9464', '2130706433:9464'])(
    'cannot be %s, which has another notation',
    (text) => {
      expect(listenAddress(text)).toMatchObject({ problem: expect.stringContaining('four decimal numbers') });
    },
  );

  test.each([
    '9464',
    ':9464',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    'unix:',
    'unix:metrics.sock',
    'unix:/run/',
  ])('cannot be %s', (text) => {
    expect(listenAddress(text)).toMatchObject({ ok: false });
  });
});
