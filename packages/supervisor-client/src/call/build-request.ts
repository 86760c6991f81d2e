import type { Endpoint } from '../endpoints/endpoint.js';
import type { ExchangeRequest } from '../transport/exchange.js';

/** The query and the body of one call. */
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
 * The key is sent with the scheme `ApiKey`, spelled like this: every Supervisor since 1.14 accepts it, and those before
 * 11.3 accept no other.
 *
 * A body is always JSON with its content type, and never empty: the Supervisor discards JSON without a content type, and
 * takes an empty body for a request to cancel.
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
  if (json === undefined) throw new TypeError('The option `body` must be a value that JSON can represent.');
  return json;
}
