import type { FleetApiError } from '@serve.zone/baseos-fleet-api';

/** Why a server gave no answer, and what an operator can do about it. It contains no token. */
export function describeServerError(error: FleetApiError, url: string): string {
  const described = error.code === 'unreachable' ? describeUnreachable(error, url) : byCode[error.code]?.(url);
  return described ?? `${error.message}. ${error.remedy}`;
}

const byCode: { [Code in FleetApiError['code']]?: (url: string) => string } = {
  unauthenticated: (url) =>
    `The server at ${url} does not accept the token. It may be mistyped, expired or revoked, or be of another server. ` +
    'An admin makes a new one with `operator token create`.',
  'not-the-api': (url) =>
    `${url} is no Cloudly with an API for operators: something else answered. Check the address, and the proxy in front of it.`,
  'not-found': (url) =>
    `The server at ${url} does not know this call: it is older than this program. Update the server, or use a program of its version.`,
  'malformed-request': (url) =>
    `The server at ${url} does not understand this call: it is of another version than this program. Use a program of its version.`,
};

function describeUnreachable({ cause }: FleetApiError, url: string): string {
  const codes = causesOf(cause).map(({ code, name }) => String(code ?? name));
  const [, reason = ''] = reasons.find(([known]) => codes.includes(known)) ?? [];
  if (codes.some(isAboutTrust)) {
    return (
      `The certificate of ${url} is not trusted (${codes.find(isAboutTrust)}). If an authority of your own has issued it, name ` +
      "the authority's certificate in NODE_EXTRA_CA_CERTS. Else check the address: somebody may be in between."
    );
  }
  if (codes.some((code) => /^ERR_SSL|^EPROTO$/.test(code))) {
    return `The server at ${url} does not speak TLS there, or no version of it that is still safe. Check the address: it may begin with http://.`;
  }
  return `${url} cannot be reached${reason && `: ${reason}`}. Check the address, and that the server is running.`;
}

function isAboutTrust(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|SELF_SIGNED/.test(code);
}

const reasons: readonly (readonly [code: string, reason: string])[] = [
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'the DNS lookup failed'],
  ['EAI_AGAIN', 'the DNS lookup failed'],
  ['ECONNRESET', 'the connection was closed'],
  ['UND_ERR_SOCKET', 'the connection was closed'],
  ['ETIMEDOUT', 'it does not answer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it does not answer'],
  ['TimeoutError', 'it does not answer'],
  ['EHOSTUNREACH', 'there is no route to it'],
  ['ENETUNREACH', 'there is no route to it'],
];

/** An error, those that led to it, and those of each address that was tried. */
function causesOf(error: unknown): { code?: unknown; name?: unknown }[] {
  if (!(error instanceof Error)) return [];
  const tried: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...tried].flatMap(causesOf)];
}
