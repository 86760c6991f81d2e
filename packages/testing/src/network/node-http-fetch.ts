import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** The part of a request that both clients give to their transport. */
interface TransportRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** The part of a response that they read. As in `fetch`, a missing header is null. */
interface TransportResponse {
  status: number;
  headers: { get: (name: string) => string | null };
  body: IncomingMessage;
}

/** A transport as an application without `fetch` writes it, on node:http. */
export async function nodeHttpFetch(
  url: string,
  { method, headers, body, signal }: TransportRequest,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
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
}
