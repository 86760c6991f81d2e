import type { BlockList } from 'node:net';
import { isLoopback } from './is-loopback.js';

/**
 * Whether a URL is reached without the proxy. `NO_PROXY` is read as curl does: entries between commas or spaces, each a
 * host name that stands for itself and what is below it (with or without a dot or `*.` before it), an IP address, a range
 * of them (`10.0.0.0/8`), or `*`; any of them may have a port. This machine is never reached through a proxy: plain http
 * is allowed to it because it goes nowhere else.
 */
export function bypassesProxy(url: URL, noProxy: string): boolean {
  return (
    isLoopback(url) ||
    noProxy
      .split(/[\s,]+/)
      .filter((entry) => entry !== '')
      .some((entry) => covers(entry.toLowerCase(), url))
  );
}

function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const { host, port } = splitPort(entry);
  if (port !== undefined && Number(port) !== portOf(url)) return false;
  const target = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isAddress(target) ? coversAddress(host, target) : coversName(host, target);
}

function isAddress(host: string): boolean {
  return process.getBuiltinModule('node:net').isIP(host) !== 0;
}

/** An IPv6 address has colons of its own, so a port can follow it only behind brackets. */
function splitPort(entry: string): { host: string; port?: string | undefined } {
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: bracketedPort };
  const [, host, port] = /^([^:]*):(\d+)$/.exec(entry) ?? [];
  return host === undefined ? { host: entry } : { host, port };
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function coversName(entry: string, hostname: string): boolean {
  const name = withoutDots(entry.replace(/^\*\./, ''));
  const host = withoutDots(hostname);
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

function withoutDots(name: string): string {
  return name.replaceAll(/^\.+|\.$/g, '');
}

/** Whether an address, or a range of them, has the target in it. What is neither covers none. */
function coversAddress(entry: string, target: string): boolean {
  const { BlockList: Ranges, isIP } = process.getBuiltinModule('node:net');
  const family = familyOf(isIP(target));
  const [address = '', prefix] = entry.split('/');
  if (family === undefined || familyOf(isIP(address)) !== family) return false;
  const range: BlockList = new Ranges();
  try {
    if (prefix === undefined) range.addAddress(address, family);
    else if (/^\d{1,3}$/.test(prefix)) range.addSubnet(address, Number(prefix), family);
  } catch {
    // A prefix that the family does not have.
    return false;
  }
  return range.check(target, family);
}

function familyOf(version: number): 'ipv4' | 'ipv6' | undefined {
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
