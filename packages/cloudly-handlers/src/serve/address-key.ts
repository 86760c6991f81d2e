/**
 * What counts as one client. An IPv6 client has a whole /64 to itself. An IPv4 client may come as IPv6: mapped, through NAT64,
 * 6to4 or Teredo; it counts as its IPv4 address, because the prefix is the same for everybody. Anything that is not an address
 * is used as it is, up to the length of an address.
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.slice(0, ADDRESS_MAX_LENGTH).toLowerCase().split('%');
  if (!bare.includes(':')) return bare;
  const groups = groupsOf(bare);
  return groups ? (ipv4In(groups) ?? groups.slice(0, 4).map(inHex).join(':')) : bare;
}

/** The longest IPv6 address that contains an IPv4 address (RFC 4291, 2.2), and a zone. */
const ADDRESS_MAX_LENGTH = 64;

const GROUP_COUNT = 8;

/** The eight numbers of an IPv6 address; `undefined` for anything else. */
function groupsOf(bare: string): number[] | undefined {
  const [head = '', tail, ...rest] = bare.split('::');
  const first = numbersOf(head);
  const last = tail === undefined ? [] : numbersOf(tail);
  const missing = GROUP_COUNT - first.length - last.length;
  if (rest.length > 0 || missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const groups = [...first, ...Array.from({ length: missing }, () => 0), ...last];
  return groups.every((group) => group >= 0 && group <= 0xffff) ? groups : undefined;
}

function numbersOf(part: string): number[] {
  return part === ''
    ? []
    : part.split(':').flatMap((group) => {
        if (group.includes('.')) return pairsOf(group);
        return [/^[\da-f]{1,4}$/.test(group) ? Number.parseInt(group, 16) : Number.NaN];
      });
}

function pairsOf(ipv4: string): number[] {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = ipv4.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function ipv4In(groups: readonly number[]): string | undefined {
  const [first = 0, second = 0, third = 0] = groups;
  const [seventh = 0, eighth = 0] = groups.slice(6);
  const isZero = (start: number, end: number): boolean => groups.slice(start, end).every((group) => group === 0);
  // Mapped (RFC 4291, 2.5.5.2), and translated (RFC 2765, 2.1).
  if (isZero(0, 5) && groups[5] === 0xffff) return dotted(seventh, eighth);
  if (isZero(0, 4) && groups[4] === 0xffff && groups[5] === 0) return dotted(seventh, eighth);
  // NAT64 (RFC 6052, 2.1), and its prefixes for local use (RFC 8215).
  if (first === 0x64 && second === 0xff9b && (isZero(2, 6) || third === 1)) return dotted(seventh, eighth);
  // 6to4 (RFC 3056, 2).
  if (first === 0x2002) return dotted(second, third);
  // Teredo, which has the bits of the client's address inverted (RFC 4380, 4).
  if (first === 0x2001 && second === 0) return dotted(seventh ^ 0xffff, eighth ^ 0xffff);
  return undefined;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function inHex(group: number): string {
  return group.toString(16);
}
