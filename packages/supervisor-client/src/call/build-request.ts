import type { Endpoint } from '../endpoints/endpoint.js';
import type { ExchangeRequest } from '../transport/exchange.js';

/** What goes with one call. */
export interface CallInput {
  query?: Record<string, string> | undefined;
  /** @default {} for POST and PATCH */
  body?: unknown;
}

export interface RequestOptions {
  address: string;
  apiKeyIn: 'header' | 'query';
  key: string | undefined;
}

/**
 * The key goes by the scheme `ApiKey`, in these letters: every Supervisor since 1.14 takes it, and those before 11.3 no
 * other.
 *
 * A body is always JSON that says so, and never empty: the Supervisor drops JSON without its content type unread, and
 * reads an empty body as a wish to cancel.
 */
export function buildRequest(
  { method, path }: Pick<Endpoint<unknown>, 'method' | 'path'>,
  { query, body = {} }: CallInput,
  { address, apiKeyIn, key }: RequestOptions,
): ExchangeRequest {
  const isKeyInQuery = key !== undefined && apiKeyIn === 'query';
  const parts = [
    new URLSearchParams(query ?? {}).toString(),
    isKeyInQuery ? `apikey=${encodeURIComponent(key)}` : '',
  ].filter((part) => part !== '');
  return {
    method,
    url: `${address}${path}${parts.length === 0 ? '' : `?${parts.join('&')}`}`,
    headers: {
      ...(key !== undefined && !isKeyInQuery && { Authorization: `ApiKey ${key}` }),
      ...(method !== 'GET' && { 'Content-Type': 'application/json' }),
    },
    ...(method !== 'GET' && { body: toJson(body) }),
  };
}

function toJson(body: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(body);
  } catch {
    json = undefined;
  }
  if (json === undefined) throw new TypeError('The option `body` must be a value that JSON can hold.');
  return json;
}
