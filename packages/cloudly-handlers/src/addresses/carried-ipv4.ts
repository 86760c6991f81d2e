/** The IPv4 address that an IPv6 address stands for, if it is one of those that do. */
export function carriedIpv4(groups: readonly number[]): string | undefined {
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
