import { BlockList, isIP } from 'node:net';
import { plainAddress } from './plain-address.js';

/** Proxies whose information about the client is trusted. */
export interface TrustedProxies {
  /** Whether it is one of them, by its address as {@link plainAddress} spells it. */
  has(this: void, address: string): boolean;
}

/** @throws TypeError that names the entry which is neither an address nor a network, such as `10.0.0.0/8`. */
export function trustedProxies(entries: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const entry of entries) {
    const { address, prefix } = readNetwork(entry);
    list.addSubnet(address, prefix, familyOf(address));
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) };
}

function readNetwork(entry: string): { address: string; prefix: number } {
  const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const address = plainAddress(written);
  if (address === undefined) {
    throw new TypeError(`"${entry}" is neither an IP address nor a network such as 10.0.0.0/8 or fd00::/8.`);
  }
  const bits = isIP(address) === 4 ? 32 : 128;
  // The first 96 bits of an IPv4 address that was written as IPv6 are a fixed prefix.
  const prefix = length === undefined ? bits : Number(length) - (isIP(written) === 6 ? 128 - bits : 0);
  if (prefix > bits || prefix < 0)
    throw new TypeError(`"${entry}" is not a network: its prefix length does not fit the address.`);
  if (prefix === 0) {
    throw new TypeError(`"${entry}" would make every client a trusted proxy: any client could claim any address.`);
  }
  return { address, prefix };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
