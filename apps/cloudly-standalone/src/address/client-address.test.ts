import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientAddress } from './client-address.js';
import { trustedProxies } from './trusted-proxies.js';

const proxies = trustedProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '127.0.0.1']);

function from(peer: string | undefined, forwardedFor: string | null = null) {
  return clientAddress({ peer, forwardedFor }, proxies);
}

describe('without a trusted proxy', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
  ])('the client is the peer %s, whatever it claims', (peer, address) => {
    expect(from(peer)).toBe(address);
    expect(from(peer, '203.0.113.9')).toBe(address);
  });

  test.each(['127.0.0.2', '::1', '::ffff:127.9.9.9', undefined])(
    'a client on this machine (%s) has no address',
    (peer) => {
      expect(from(peer, '203.0.113.9')).toBeUndefined();
    },
  );
});

describe('with a trusted proxy', () => {
  test.each([
    ['10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['fd00::5', '2001:DB8::0009', '2001:db8::9'],
    ['192.0.2.1', '203.0.113.9:4711', '203.0.113.9'],
    ['192.0.2.1', '[2001:db8::9]:4711', '2001:db8::9'],
    ['192.0.2.1', '203.0.113.9, 10.4.4.4,10.5.5.5', '203.0.113.9'],
    ['127.0.0.1', '127.0.0.5', '127.0.0.5'],
  ])('peer %s that says "%s" speaks for %s', (peer, forwardedFor, address) => {
    expect(from(peer, forwardedFor)).toBe(address);
  });

  test.each([
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['a lie, 203.0.113.9, 10.4.4.4', '203.0.113.9'],
  ])('addresses that the client itself added are ignored: "%s"', (forwardedFor, address) => {
    expect(from('10.1.2.3', forwardedFor)).toBe(address);
  });

  test.each([
    [null, '10.1.2.3'],
    ['', '10.1.2.3'],
    ['unknown', '10.1.2.3'],
    ['203.0.113.9, unknown', '10.1.2.3'],
    ['203.0.113.9, unknown, 10.4.4.4', '10.4.4.4'],
    ['10.5.5.5, 10.4.4.4', '10.5.5.5'],
  ])('that forwards nothing readable (%s), the client is the last known proxy', (forwardedFor, address) => {
    expect(from('10.1.2.3', forwardedFor)).toBe(address);
  });

  test('no client can choose the address it is counted under', () => {
    const anything = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(anything, (written) => {
        expect(from('10.1.2.3', `${written}, 203.0.113.9, 10.4.4.4`)).toBe('203.0.113.9');
      }),
    );
  });
});

describe('trusted proxies', () => {
  test.each([
    ['10.0.0.0/8', ['10.255.0.1'], ['11.0.0.1']],
    ['::ffff:10.0.0.0/104', ['10.255.0.1'], ['11.0.0.1']],
    ['::ffff:10.0.0.1', ['10.0.0.1'], ['10.0.0.2']],
    ['fd00::/8', ['fd12::1'], ['fe00::1', '10.0.0.1']],
    ['2001:db8::1', ['2001:db8::1'], ['2001:db8::2']],
  ])('%s are accepted', (entry, inside, outside) => {
    const { has } = trustedProxies([entry]);
    expect(inside.map(has)).toEqual(inside.map(() => true));
    expect(outside.map(has)).toEqual(outside.map(() => false));
  });

  test.each([
    '',
    'proxy.example',
    '10.0.0.0/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0/8',
    '::ffff:10.0.0.0/90',
    '10.0.0.1/8/8',
  ])('"%s" is rejected by name', (entry) => {
    expect(() => trustedProxies(['10.0.0.1', entry])).toThrow(`"${entry}"`);
  });

  test.each(['0.0.0.0/0', '::/0', '::ffff:0.0.0.0/96'])('cannot include everybody: %s', (entry) => {
    expect(() => trustedProxies([entry])).toThrow(`"${entry}" would make every client a trusted proxy`);
  });
});
