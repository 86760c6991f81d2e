import { isIP } from 'node:net';

/**
 * One spelling of an IP address: without a zone, and an IPv4 address that is written as IPv6 (as sockets that serve both
 * give it) as IPv4. `undefined` for anything but an IP address.
 */
export function plainAddress(text: string): string | undefined {
  const [address = ''] = text.split('%');
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}
