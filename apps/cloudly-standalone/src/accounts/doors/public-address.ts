import { UsageError } from '@serve.zone/baseos-command-line';

/** Where operators reach the server: what links, cookies and the check of `Host` and `Origin` go by. */
export interface PublicAddress {
  /** Such as `https://fleet.example:8443`. */
  origin: string;
  /** As in the header `Host`. */
  host: string;
  isHttps: boolean;
  /** With the prefix of the path, without a slash at its end. */
  url: string;
}

/** @throws UsageError for a text that is no such address */
export function readPublicUrl(name: string, text: string): PublicAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash && /^https?:$/.test(url.protocol);
  if (!isPlain)
    throw new UsageError(`${name} must be the URL at which operators reach the server, such as https://fleet.example.`);
  return publicAddressOf(url);
}

export function publicAddressOf({ origin, host, protocol, pathname }: URL): PublicAddress {
  return { origin, host, isHttps: protocol === 'https:', url: origin + pathname.replace(/\/+$/, '') };
}
