import ky from 'ky';
import type { FetchLike } from './fetch-like.js';

/** The default transport. Deadlines, retries and the meaning of a status are the client's business, so ky does none. */
export const kyFetch: FetchLike = (url, init) => ky(url, { ...init, retry: 0, timeout: false, throwHttpErrors: false });
