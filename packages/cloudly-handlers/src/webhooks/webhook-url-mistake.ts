const MAX_LENGTH = 2000;

/** Services that take no webhooks, such as mail, have ports below; a request to one of them may still do something. */
const FREE_PORTS_FROM = 1024;
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);

/** Why a URL can be none of a webhook, whatever its address is, in a sentence; `undefined` if it may be one. */
export function webhookUrlMistake(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return 'The URL is none with https';
  if (text.length > MAX_LENGTH) return `The URL has ${text.length} characters, and ${MAX_LENGTH} at most`;
  if (url.username !== '' || url.password !== '') return 'The URL has a user or a password';
  if (url.hash !== '') return 'The URL has a fragment, which is never sent';
  const port = portOf(url);
  if (WEB_PORTS.has(port) || port >= FREE_PORTS_FROM) return undefined;
  return `The URL has the port ${port}, and may have 80, 443, or one from ${FREE_PORTS_FROM} on`;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
