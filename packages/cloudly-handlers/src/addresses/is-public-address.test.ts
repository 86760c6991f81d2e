import { BlockList } from 'node:net';
import { assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { isPublicAddress } from './is-public-address.js';

test.each([
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700::1111',
  '2001:200::1',
  '2400::',
  '3ffe::1',
  '3fff:1000::1',
  '::ffff:1.1.1.1',
  '::FFFF:101:101',
  '64:ff9b::1.1.1.1',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::1.1.1.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0:127.0.0.1',
  '::ffff:169.254.169.254',
  '0:0:0:0:0:ffff:a00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::1.1.1.1',
  '64:ff9b:1:7f00:1::',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2001::1',
  '2001:0:1:2:3:4:80ff:fffe',
  '2001:2::1',
  '2001:db8::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '100::1',
  '2606:4700::1111%eth0',
  'example.com',
  'localhost',
  '',
  '1.1.1',
  '1.1.1.1.',
  '0x7f.1.1.1',
  '256.1.1.1',
  '2606:4700:::1',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

describe('beside the table of IANA, read by Node', () => {
  // Apart, because an IPv6 network of Node also has the IPv4 addresses that are mapped into it.
  const specialIpv4 = tableOf(
    '0/8 10/8 100.64/10 127/8 169.254/16 172.16/12 192.0.0/24 192.0.2/24 192.88.99/24 192.168/16 198.18/15 198.51.100/24 203.0.113/24 224/4 240/4',
  );
  const specialIpv6 = tableOf(
    '::/8 100::/8 200::/7 400::/6 800::/5 1000::/4 2001::/23 2001:db8::/32 2002::/16 3fff::/20 4000::/2 8000::/1',
  );
  const byte = constantFrom(
    0,
    1,
    2,
    10,
    16,
    18,
    31,
    63,
    64,
    88,
    99,
    100,
    113,
    127,
    128,
    168,
    169,
    172,
    192,
    198,
    203,
    224,
    254,
    255,
  );
  const ipv4 = tuple(byte, byte, byte, nat(255)).map((bytes) => bytes.join('.'));
  const group = constantFrom(
    0,
    1,
    2,
    0x64,
    0x1ff,
    0x200,
    0xdb8,
    0xfff,
    0x1000,
    0x2001,
    0x2002,
    0x2606,
    0x3fff,
    0x4000,
    0xfc00,
    0xfe80,
    0xff9b,
    0xffff,
  );
  const groups = tuple(group, group, group, group, group, group, group, group).map((each) => each.map(inHex).join(':'));

  test('every IPv4 address is judged alike', () => {
    const isAlike = (address: string): boolean => isPublicAddress(address) === !specialIpv4.check(address, 'ipv4');
    assert(property(ipv4, isAlike), { numRuns: howMany(500, 20_000) });
  });

  test('every IPv6 address that stands for an IPv4 address is judged by that', () => {
    const carriers = constantFrom('::ffff:', '64:ff9b::');
    const isAlike = (carrier: string, address: string): boolean =>
      isPublicAddress(carrier + address) === !specialIpv4.check(address, 'ipv4');
    assert(property(carriers, ipv4, isAlike), { numRuns: howMany(500, 20_000) });
  });

  test('every other IPv6 address is judged alike', () => {
    const isAlike = (address: string): boolean =>
      /^0:0:0:0:0:ffff|^64:ff9b:0:0:0:0:/.test(address) ||
      isPublicAddress(address) === !specialIpv6.check(address, 'ipv6');
    assert(property(groups, isAlike), { numRuns: howMany(1000, 50_000) });
  });
});

function inHex(number: number): string {
  return number.toString(16);
}

/** Networks as RFC 4632 shortens them. */
function tableOf(networks: string): BlockList {
  const list = new BlockList();
  for (const network of networks.split(' ')) {
    const [first = '', bits] = network.split('/');
    const address = first.includes(':') ? first : [...first.split('.'), '0', '0', '0'].slice(0, 4).join('.');
    list.addSubnet(address, Number(bits), first.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
