import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FetchLike } from '../src/transport/fetch-like.js';

/** A transport as an application writes it that wants no `fetch`. */
export const nodeHttpFetch: FetchLike = async (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { method, headers, signal, agent: false }, (response) => {
      resolve({
        status: response.statusCode ?? 0,
        headers: { get: (name) => response.headersDistinct[name.toLowerCase()]?.join(', ') ?? null },
        body: response,
      });
    });
    request.on('error', reject);
    request.end(body);
  });
