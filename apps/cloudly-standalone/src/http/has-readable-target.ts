import type { IncomingMessage } from 'node:http';

/**
 * Whether a URL can be made of a request's target and its Host header (RFC 9112, section 3.3) that means the same to every
 * reader of URLs. A request of HTTP/1.0 without a host means this server.
 */
export function hasReadableTarget({ url = '', headers: { host } }: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  // Some parsers read a backslash in a path as a slash.
  if (/^[^?]*\\/.test(url)) return false;
  if (/^https?:\/\//.test(url)) return URL.canParse(url);
  return url.startsWith('/') && (!host || isHost(host)) && URL.canParse(`http://localhost${url}`);
}

function isHost(host: string): boolean {
  if (/^[\w.-]+$/.test(host)) return true;
  const url = `http://${host}`;
  return URL.canParse(url) && new URL(url).hostname === host.replace(/:\d+$/, '').toLowerCase();
}
