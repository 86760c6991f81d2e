import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainAddress } from './plain-address.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:C000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['2001:DB8:0:0::7', '2001:db8::7'],
  ['::1', '::1'],
  ['fe80::1%eth0', 'fe80::1'],
])('%s is %s', (written, plain) => {
  expect(plainAddress(written)).toBe(plain);
});

test.each([
  '',
  'unknown',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.07',
  '::ffff:1.2.3.4.5',
  '[::1]',
  '2001:db8::7/64',
  '_hidden',
])('"%s" is not an address', (text) => {
  expect(plainAddress(text)).toBeUndefined();
});

test('normalises every IPv4 address, however it is written', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(plainAddress(`::ffff:${address}`)).toBe(address);
    }),
  );
});

test('normalises every IPv6 address to a stable form', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const plain = plainAddress(address) ?? '';
      expect(plainAddress(plain)).toBe(plain);
      expect(plain).not.toBe('');
    }),
  );
});
