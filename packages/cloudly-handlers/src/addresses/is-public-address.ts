import { readIpv6 } from './read-ipv6.js';

/** First and number of leading bits. Of all else, anybody may be there. (IANA IPv4 Special-Purpose Address Registry.) */
const notPublicIpv4: readonly (readonly [first: string, bits: number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by the customers of a provider
  ['127.0.0.0', 8], // this machine
  ['169.254.0.0', 16], // link-local: also where clouds keep the credentials of a machine
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
];

/**
 * Whether an IP address is one of the Internet, behind which no private network lies. What carries an IPv4 address is judged by
 * that, if it is mapped or NAT64; tunnels that carry one (6to4, Teredo) are never public. What is no address is not.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.toLowerCase();
  return bare.includes(':') ? isPublicIpv6(bare) : isPublicIpv4(bare);
}

function isPublicIpv4(address: string): boolean {
  const number = readIpv4(address);
  return number !== undefined && !notPublicIpv4.some(([first, bits]) => isWithin(number, readIpv4(first) ?? 0, bits));
}

function isPublicIpv6(address: string): boolean {
  const groups = readIpv6(address);
  if (!groups) return false;
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0, seventh = 0, eighth = 0] = groups;
  const isStartZero = first + second + third + fourth + fifth === 0;
  const isNat64 = first === 0x64 && second === 0xff9b && third + fourth + fifth + sixth === 0;
  if (isNat64 || (isStartZero && sixth === 0xffff)) {
    return isPublicIpv4([seventh >> 8, seventh & 0xff, eighth >> 8, eighth & 0xff].join('.'));
  }
  // Global unicast (RFC 4291, 2.4); without protocol assignments such as Teredo and benchmarks (2001::/23), 6to4, and
  // documentation.
  const isGlobal = first >> 13 === 1;
  const isAssignment = first === 0x2001 && second < 0x200;
  const isDocumentation = (first === 0x2001 && second === 0xdb8) || (first === 0x3fff && second < 0x1000);
  return isGlobal && !isAssignment && first !== 0x2002 && !isDocumentation;
}

/** `undefined` for anything but four numbers with dots. */
function readIpv4(address: string): number | undefined {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (!bytes || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function isWithin(number: number, first: number, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(number / size) === Math.floor(first / size);
}
