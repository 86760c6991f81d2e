import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey } from './address-key.js';

test.for([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['0:0:0:0:0:FFFF:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:0001:2::99', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['::', '0:0:0:0'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['::ffff:0:203.0.113.7', '203.0.113.7'],
  ['64:ff9b::203.0.113.7', '203.0.113.7'],
  ['64:ff9b::cb00:7107', '203.0.113.7'],
  ['64:ff9b:1:fffe::cb00:7107', '203.0.113.7'],
  ['2002:cb00:7107:1::9', '203.0.113.7'],
  ['2001:0:4136:e378:8000:63bf:34ff:8ef8', '203.0.113.7'],
  ['2001:1::9', '2001:1:0:0'],
  ['1:2:3', '1:2:3'],
  ['1::2::3', '1::2::3'],
  ['g::1', 'g::1'],
  ['unix', 'unix'],
  ['', ''],
])('%s counts as %s', ([address, key]) => {
  expect(addressKey(address ?? '')).toBe(key);
});

test('an IPv6 address counts as the same whatever its last 64 bits', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  fc.assert(
    fc.property(fc.array(group, { minLength: 4, maxLength: 4 }), (host) => {
      expect(addressKey(`2001:db8:1:2:${host.join(':')}`)).toBe('2001:db8:1:2');
    }),
  );
});

test('is short and made in one pass, whatever text is given', () => {
  const hostile = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.constantFrom('0:', ':', 'f', '0', '::', 'ffff:', '%', '.', '1.').map((part) => part.repeat(200_000)),
  );
  fc.assert(
    fc.property(hostile, (address) => {
      const key = addressKey(address);
      expect(key.length).toBeLessThanOrEqual(64);
      expect(key).toBe(addressKey(address.slice(0, 64)));
    }),
  );
});

test('clients behind one translator are distinguished, and hosts of one network are not', () => {
  const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'));
  fc.assert(
    fc.property(ipv4, fc.constantFrom('::ffff:', '64:ff9b::', '64:ff9b:1::', '0:0:0:0:0:ffff:'), (address, prefix) => {
      expect(addressKey(`${prefix}${address}`)).toBe(address);
    }),
  );
});
