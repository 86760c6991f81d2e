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
  ['unix', 'unix'],
  ['', ''],
])('%s counts as %s', ([address, key]) => {
  expect(addressKey(address ?? '')).toBe(key);
});

test('whatever the last 64 bits of an IPv6 address, it counts as the same', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  fc.assert(
    fc.property(fc.array(group, { minLength: 4, maxLength: 4 }), (host) => {
      expect(addressKey(`2001:db8:1:2:${host.join(':')}`)).toBe('2001:db8:1:2');
    }),
  );
});
