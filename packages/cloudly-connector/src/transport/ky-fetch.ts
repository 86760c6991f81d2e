import ky from 'ky';
import type { FetchLike } from './fetch-like.js';

/** The default transport. The connector itself handles deadlines and statuses, and nothing is retried, so ky must not. */
export const kyFetch: FetchLike = (url, init) => ky(url, { ...init, retry: 0, timeout: false, throwHttpErrors: false });
