import { isSendableKey, unsendableKey } from '../errors/api-key.js';
import { assertAppId } from './app-id.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { resolveRetry, type ResolvedRetry, type RetryOptions } from './retry.js';
import { longestSleepMs } from '../waiting/sleep.js';

/** Where the Supervisor is, and how it is called. */
export interface SupervisorClientOptions {
  /**
   * Where the Supervisor listens: `http://127.0.0.1:48484` in a container on the host's network, otherwise as in
   * `BALENA_SUPERVISOR_ADDRESS`. It may have a path.
   */
  address: string | URL;
  /**
   * The key, as in `BALENA_SUPERVISOR_API_KEY`, or a function that is asked for it at each call. Without one, calls
   * that need a key reject with `api-key-missing` and send nothing.
   */
  apiKey?: string | (() => string) | undefined;
  /**
   * Sends every call without a key, for a Supervisor in local or unmanaged mode, which asks for none (in unmanaged mode
   * since 12.10.10, and since 9.0 on a development image). Excludes `apiKey`.
   * @default false
   */
  withoutKey?: boolean | undefined;
  /**
   * Where the key travels: in the `Authorization` header, or in the URL for Supervisors before 1.14. URLs end up in
   * logs more easily than headers do.
   * @default 'header'
   */
  apiKeyIn?: 'header' | 'query' | undefined;
  /**
   * How long each attempt of a call may take, from connecting to the last byte of the answer.
   * @default 15000 for calls that read, 30000 for calls that wait for locks, 120000 for those that stop containers
   */
  timeoutMs?: number | undefined;
  /**
   * Whether calls are sent again that failed: those that read, if the connection failed or the front of the Supervisor could
   * not reach it (502); those that change something, only if nothing of them was sent. The waits between are random, below
   * a ceiling that doubles from 1 to 30 s. A deadline that passed ends a call.
   * @default true, which is 5 attempts in all
   */
  retry?: boolean | RetryOptions | undefined;
  /** The app that `app()` and `singleContainerApp()` mean, as in `BALENA_APP_ID`. @default none */
  appId?: number | undefined;
  /** The transport. @default ky, loaded at the first call */
  fetch?: FetchLike | undefined;
}

export interface ResolvedOptions {
  /** Without a slash at its end. */
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

/** Checks each option and settles its default. Throws a TypeError that names the option and never shows a key. */
export function resolveOptions(options: SupervisorClientOptions): ResolvedOptions {
  const { apiKey, withoutKey = defaults.withoutKey, apiKeyIn = defaults.apiKeyIn, timeoutMs, fetch } = options;

  const problem = addressProblem(options.address);
  if (problem !== undefined) throw new TypeError(`The option \`address\` ${problem}.`);
  if (typeof withoutKey !== 'boolean') throw new TypeError('The option `withoutKey` must be true or false.');
  if (apiKey !== undefined && typeof apiKey !== 'string' && typeof apiKey !== 'function') {
    throw new TypeError('The option `apiKey` must be a string or a function that returns one.');
  }
  if (withoutKey && apiKey !== undefined) {
    throw new TypeError('The options `apiKey` and `withoutKey` exclude each other: give one of them.');
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

/** What is wrong with an address, to follow its name; `undefined` if it is good. Never shows it: it may hold a password. */
export function addressProblem(address: unknown): string | undefined {
  const expected = 'such as http://127.0.0.1:48484';
  if (typeof address !== 'string' && !(address instanceof URL)) return `must be an http URL, ${expected}`;
  if (typeof address === 'string' && !URL.canParse(address)) return `is not a URL: expected one ${expected}`;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `must begin with http://, ${expected}`;
  const misleads = misleadingAddress(String(address), url);
  if (misleads !== undefined) return `${misleads}: expected a URL ${expected}`;
  if (url.username !== '' || url.password !== '')
    return `must not hold a user name or password: expected a URL ${expected}`;
  if (url.search !== '' || url.hash !== '') return `must end before any "?" or "#": expected a URL ${expected}`;
  return undefined;
}

/**
 * How an address would lead elsewhere than it says. The URL parser mends, completes and drops parts without a word, and an
 * HTTP client takes port 0 for none, which is port 80: the key would go there.
 */
function misleadingAddress(text: string, { hostname, port }: URL): string | undefined {
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text)) return 'has a space, a backslash or a control character in it';
  const [, host = '', written] = /^https?:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)(?::([^/?#]*))?/i.exec(text) ?? [];
  if (host === '') return 'has no host after http://';
  if (port === '0') return 'has the port 0, where nobody can listen';
  if (written === '') return 'has a colon and no port after it';
  if (host.endsWith('.')) return 'has a dot at the end of its host';
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
  if (isAddress && host !== hostname) return 'has an address that is not written as four decimal numbers';
  if (!host.startsWith('[') && !isAddress && host.toLowerCase() !== hostname) {
    return 'has characters in its host that stand for others';
  }
  return /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(text) ? 'has a part . or .. in its path' : undefined;
}
