import { isSendableKey, unsendableKey } from '../errors/api-key.js';
import { assertAppId } from './app-id.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { resolveRetry, type ResolvedRetry, type RetryOptions } from './retry.js';
import { longestSleepMs } from '../waiting/sleep.js';

/** Where the Supervisor is, and how the client calls it. */
export interface SupervisorClientOptions {
  /**
   * Where the Supervisor listens: `http://127.0.0.1:48484` in a container on the host network, otherwise the value of
   * `BALENA_SUPERVISOR_ADDRESS`. It may have a path.
   */
  address: string | URL;
  /**
   * The key, as in `BALENA_SUPERVISOR_API_KEY`, or a function that returns it and is called for each attempt. Without a
   * key, calls that need one reject with `api-key-missing` and send nothing.
   */
  apiKey?: string | (() => string) | undefined;
  /**
   * Sends every call without a key, for a Supervisor in local or unmanaged mode, which requires none (in unmanaged mode
   * since 12.10.10, and since 9.0 on a development image). Cannot be combined with `apiKey`.
   * @default false
   */
  withoutKey?: boolean | undefined;
  /**
   * Where the key is sent: in the `Authorization` header, or in the URL for Supervisors before 1.14. URLs are logged
   * more often than headers.
   * @default 'header'
   */
  apiKeyIn?: 'header' | 'query' | undefined;
  /**
   * How long each attempt of a call may take, from connecting to the last byte of the answer.
   * @default 15000 for calls that read, 30000 for calls that wait for locks, 120000 for calls that stop containers
   */
  timeoutMs?: number | undefined;
  /**
   * Whether the client retries failed calls. It retries a call that reads if the connection failed, or if the proxy in
   * front of the Supervisor could not reach it (502). It retries a call that changes something only if none of it was
   * sent. The waits are random, below a limit that doubles from 1 to 30 s. A call that timed out is not retried.
   * @default true: up to 5 attempts
   */
  retry?: boolean | RetryOptions | undefined;
  /** The app that `app()` and `singleContainerApp()` use by default, as in `BALENA_APP_ID`. @default none */
  appId?: number | undefined;
  /** The transport. @default ky, loaded at the first call */
  fetch?: FetchLike | undefined;
}

export interface ResolvedOptions {
  /** Without a trailing slash. */
  address: string;
  apiKey: string | (() => string) | undefined;
  isKeyNeeded: boolean;
  apiKeyIn: 'header' | 'query';
  timeoutMs: number | undefined;
  retry: ResolvedRetry;
  appId: number | undefined;
  fetch: FetchLike | undefined;
}

const defaults = { withoutKey: false, apiKeyIn: 'header' } as const;

/** Validates the options and fills in the defaults. Throws a TypeError that names the option and never shows a key. */
export function resolveOptions(options: SupervisorClientOptions): ResolvedOptions {
  const { apiKey, withoutKey = defaults.withoutKey, apiKeyIn = defaults.apiKeyIn, timeoutMs, fetch } = options;

  const problem = addressProblem(options.address);
  if (problem !== undefined) throw new TypeError(`The option \`address\` ${problem}.`);
  if (typeof withoutKey !== 'boolean') throw new TypeError('The option `withoutKey` must be true or false.');
  if (apiKey !== undefined && typeof apiKey !== 'string' && typeof apiKey !== 'function') {
    throw new TypeError('The option `apiKey` must be a string or a function that returns one.');
  }
  if (withoutKey && apiKey !== undefined) {
    throw new TypeError('The options `apiKey` and `withoutKey` cannot be combined.');
  }
  if (typeof apiKey === 'string' && apiKey !== '' && !isSendableKey(apiKey)) throw new TypeError(unsendableKey);
  if (apiKeyIn !== 'header' && apiKeyIn !== 'query') {
    throw new TypeError("The option `apiKeyIn` must be 'header' or 'query'.");
  }
  assertTimeout(timeoutMs);
  if (options.appId !== undefined) assertAppId(options.appId);
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new TypeError('The option `fetch` must be a function like `globalThis.fetch`.');
  }

  return {
    address: new URL(options.address).href.replace(/\/+$/, ''),
    apiKey,
    isKeyNeeded: !withoutKey,
    apiKeyIn,
    timeoutMs,
    retry: resolveRetry(options.retry),
    appId: options.appId,
    fetch,
  };
}

export function assertTimeout(timeoutMs: number | undefined, name = 'timeoutMs'): void {
  if (timeoutMs === undefined) return;
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= longestSleepMs)) {
    throw new TypeError(
      `The option \`${name}\` must be a number of milliseconds, above 0 and at most ${longestSleepMs}.`,
    );
  }
}

/** What is wrong with an address, as a predicate for its name; `undefined` if it is valid. Never shows the address: it may contain a password. */
export function addressProblem(address: unknown): string | undefined {
  const expected = 'such as http://127.0.0.1:48484';
  if (typeof address !== 'string' && !(address instanceof URL)) return `must be an http URL, ${expected}`;
  if (typeof address === 'string' && !URL.canParse(address)) return `is not a URL: expected one ${expected}`;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `must start with http://, ${expected}`;
  const misleads = misleadingAddress(String(address), url);
  if (misleads !== undefined) return `${misleads}: expected a URL ${expected}`;
  if (url.username !== '' || url.password !== '')
    return `must not contain a user name or password: expected a URL ${expected}`;
  if (url.search !== '' || url.hash !== '') return `must not contain "?" or "#": expected a URL ${expected}`;
  return undefined;
}

/**
 * Why an address would lead somewhere else than it says. The URL parser silently corrects, completes and drops parts, and
 * an HTTP client takes port 0 for the default port 80: the key would be sent there.
 */
function misleadingAddress(text: string, { hostname, port }: URL): string | undefined {
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text)) return 'contains a space, a backslash or a control character';
  const [, host = '', written] = /^https?:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)(?::([^/?#]*))?/i.exec(text) ?? [];
  if (host === '') return 'has no host after http://';
  if (port === '0') return 'has port 0, on which nothing can listen';
  if (written === '') return 'has a colon but no port after it';
  if (host.endsWith('.')) return 'has a host that ends with a dot';
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
  if (isAddress && host !== hostname) return 'has an IPv4 address that is not written as four decimal numbers';
  if (!host.startsWith('[') && !isAddress && host.toLowerCase() !== hostname) {
    return 'has characters in its host that are converted to others';
  }
  return /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(text) ? 'has a "." or ".." segment in its path' : undefined;
}
