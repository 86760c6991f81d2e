/**
 * What counts as one address: an IPv6 client has a whole /64 to itself, and an IPv4 one may be written as IPv6. What is no
 * address stands for itself.
 */
export const addressKey = (address: string): string => {
  const [bare = ''] = address.toLowerCase().split('%');
  const mapped = /^(?:0*:)*:?(?:0*:)*ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.groups?.['ipv4'];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = bare.split('::');
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
};

const groupsOf = (part: string): string[] =>
  part === '' ? [] : part.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
