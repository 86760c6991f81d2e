import { carriedIpv4 } from '../addresses/carried-ipv4.js';
import { readIpv6 } from '../addresses/read-ipv6.js';

/**
 * What counts as one client. An IPv6 client has a whole /64 to itself. An IPv4 client may come as IPv6: mapped, through NAT64,
 * 6to4 or Teredo; it counts as its IPv4 address, because the prefix is the same for everybody. Anything that is not an address
 * is used as it is, up to the length of an address.
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.slice(0, ADDRESS_MAX_LENGTH).toLowerCase().split('%');
  if (!bare.includes(':')) return bare;
  const groups = readIpv6(bare);
  return groups ? (carriedIpv4(groups) ?? groups.slice(0, 4).map(inHex).join(':')) : bare;
}

/** The longest IPv6 address that contains an IPv4 address (RFC 4291, 2.2), and a zone. */
const ADDRESS_MAX_LENGTH = 64;

function inHex(group: number): string {
  return group.toString(16);
}
