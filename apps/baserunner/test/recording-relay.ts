import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import type { Identity } from './certificate-authority.js';

export interface RecordedRequest {
  method: string;
  path: string;
  /** Names and values, alternating, as received. */
  rawHeaders: readonly string[];
  body: string;
  /** The body of the reply. */
  answer: string;
}

/** Relays everything between the agent and another party, and records what the agent sends. */
export interface RecordingRelay {
  url: string;
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/**
 * @param targetUrl asked anew for each request: a party may come back elsewhere
 * @param identity with which it speaks TLS to the agent
 */
export async function openRecordingRelay(targetUrl: () => string, identity?: Identity): Promise<RecordingRelay> {
  const requests: RecordedRequest[] = [];
  const listener: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', rawHeaders } = incoming;
      const body = Buffer.concat(chunks);
      const recorded: RecordedRequest = { method, path, rawHeaders, body: body.toString('utf8'), answer: '' };
      requests.push(recorded);
      const onward = httpRequest(new URL(path, targetUrl()), { method, headers: incoming.headers, agent: false });
      onward.on('response', (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.on('data', (chunk: Buffer) => (recorded.answer += chunk.toString('utf8')));
        response.pipe(outgoing);
      });
      // If its target is down, it ends the connection as if it had not been accepted.
      onward.on('error', () => incoming.socket.destroy());
      onward.end(body);
    });
  };
  const server = identity ? createTlsServer(identity, listener) : createServer(listener);
  const { port, close } = await listenOnLoopback(server);
  return { url: `${identity ? 'https' : 'http'}://127.0.0.1:${port}`, requests, close };
}
