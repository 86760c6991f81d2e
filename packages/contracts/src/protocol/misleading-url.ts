/**
 * Why an http or https URL leads, or would be taken to lead, elsewhere than what is written: a clause that follows "which",
 * without anything of the URL in it. Undefined where it leads where it says. The URL parser (WHATWG) mends, completes and
 * drops parts without a word, and an HTTP client takes port 0 for none: what goes there may be a token.
 */
export function misleadingUrl(text: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text)) return 'has a space, a backslash or a control character';
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (authority === undefined) return 'does not begin with https:// or http://';
  const [, host = '', port] = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  if (host === '') return 'has no host';
  if (port === '') return 'has a colon and no port after it';
  if (/^0+$/.test(port ?? '')) return 'has the port 0, where nobody can listen';
  if (!URL.canParse(text)) return 'is no URL';
  const { hostname } = new URL(text);
  return misleadingHost(host.toLowerCase(), hostname) ?? misleadingPath(text);
}

/** What is written as the host is what the parser made of it, but for the ASCII form of an international name. */
function misleadingHost(host: string, parsed: string): string | undefined {
  if (host.startsWith('[')) return undefined;
  if (host.includes('%')) return 'has a percent sign in its host';
  if (host.endsWith('.')) return 'has a dot at the end of its host';
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(parsed)) return 'has something else than a name in the place of its host';
  if (host === parsed) return undefined;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(parsed)) return 'has an address that is not written as four decimal numbers';
  const isInternational = /[^!-~]/u.test(host) && host === host.normalize('NFKC');
  const labels = (name: string): number => name.split('.').length;
  return isInternational && labels(host) === labels(parsed)
    ? undefined
    : 'has characters in its host that stand for others';
}

function misleadingPath(text: string): string | undefined {
  const path = text.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path) ? 'has a part . or .. in its path' : undefined;
}
