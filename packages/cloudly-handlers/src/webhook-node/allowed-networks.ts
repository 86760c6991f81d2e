import { BlockList, isIP } from 'node:net';

/** Networks beside the Internet to which webhooks may be sent. */
export interface AllowedNetworks {
  /** Whether an IP address is in one of them. */
  has(this: void, address: string): boolean;
  isEmpty: boolean;
}

/** @throws TypeError that names the entry which is neither an address nor a network, such as `10.0.0.0/8` */
export function allowedNetworks(entries: readonly string[]): AllowedNetworks {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const entry of entries) {
    const { address, bits, family } = readNetwork(entry);
    lists[family].addSubnet(address, bits, family);
  }
  return {
    // An IPv4 address that is mapped into IPv6 is the same address.
    has(address) {
      const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
      const family = familyOf(bare);
      return family !== undefined && lists[family].check(bare, family);
    },
    isEmpty: entries.length === 0,
  };
}

function readNetwork(entry: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = familyOf(address);
  if (!family) throw new TypeError(`"${entry}" is neither an IP address nor a network such as 10.0.0.0/8 or fd00::/8.`);
  const bitsMax = family === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? bitsMax : Number(length);
  if (bits > bitsMax) throw new TypeError(`"${entry}" is not a network: its prefix length does not fit the address.`);
  if (bits === 0) throw new TypeError(`"${entry}" would allow every address. Name the networks of the receivers.`);
  return { address, bits, family };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
