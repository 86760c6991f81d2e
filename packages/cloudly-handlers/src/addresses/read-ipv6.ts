const GROUP_COUNT = 8;

/** The eight numbers of an IPv6 address in lower case, without a zone; `undefined` for anything else. */
export function readIpv6(bare: string): number[] | undefined {
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
