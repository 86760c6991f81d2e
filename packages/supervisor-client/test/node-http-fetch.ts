import { request as httpRequest } from 'node:http';
import type { FetchLike } from '../src/transport/fetch-like.js';

/** A transport as an application would write it that wants no `fetch`: the seam's second witness. */
export const nodeHttpFetch: FetchLike = async (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, signal, agent: false }, (response) => {
      resolve({
        status: response.statusCode ?? 0,
        headers: {
          get: (name) => {
            const value = response.headers[name.toLowerCase()];
            return Array.isArray(value) ? value.join(', ') : (value ?? null);
          },
        },
        body: response,
      });
    });
    request.on('error', reject);
    request.end(body);
  });
