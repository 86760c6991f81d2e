import ky from 'ky';
import type { FetchLike } from './fetch-like.js';

/** The default transport. Deadline, retries and the meaning of a status are not its business, so ky does none of them. */
export const kyFetch: FetchLike = (url, init) => ky(url, { ...init, retry: 0, timeout: false, throwHttpErrors: false });
