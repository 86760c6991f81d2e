/**
 * Why an http or https URL leads elsewhere than it seems to: a clause that follows "which" and quotes nothing of the URL.
 * Undefined if it leads where it says. The URL parser (WHATWG) silently repairs, completes and drops parts, and an HTTP client
 * treats port 0 as no port: a token could be sent to the wrong place.
 */
export function misleadingUrl(text: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text)) return 'has a space, a backslash or a control character';
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (authority === undefined) return 'does not begin with https:// or http://';
  const [, host = '', port] = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  if (host === '') return 'has no host';
  if (port === '') return 'has a colon but no port after it';
  if (/^0+$/.test(port ?? '')) return 'has the port 0, on which nothing can listen';
  if (!URL.canParse(text)) return 'is not a URL';
  const { hostname } = new URL(text);
  return misleadingHost(host.toLowerCase(), hostname) ?? misleadingPath(text);
}

/** What is written as the host is what the parser made of it, but for the ASCII form of an international name. */
function misleadingHost(host: string, parsed: string): string | undefined {
  if (host.startsWith('[')) return undefined;
  if (host.includes('%')) return 'has a percent sign in its host';
  if (host.endsWith('.')) return 'has a dot at the end of its host';
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(parsed)) return 'has a host that is not a valid name';
  if (host === parsed) return undefined;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(parsed)) return 'has an address that is not written as four decimal numbers';
  const isInternational = /[^!-~]/u.test(host) && host === host.normalize('NFKC');
  const labels = (name: string): number => name.split('.').length;
  return isInternational && labels(host) === labels(parsed) ? undefined : 'has look-alike characters in its host';
}

function misleadingPath(text: string): string | undefined {
  const path = text.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path) ? 'has a . or .. segment in its path' : undefined;
}
