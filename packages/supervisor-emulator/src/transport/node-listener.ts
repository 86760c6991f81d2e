import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { SupervisorRequest } from '../call/request.js';
import type { Chunks, Reply } from '../call/reply.js';

/** Where the emulator listens. */
export interface ListenOptions {
  /** 0: any free one. @default 0 */
  port?: number;
  /** The address to bind to. @default '127.0.0.1' */
  host?: string;
}

/** A port that can close and reopen, as when a device reboots. */
export interface Listener {
  address: string;
  /** Refuses connections at once. The request in progress is still answered; then every connection is dropped. */
  goDown(): void;
  /** Drops every connection, unless a request in progress is about to do so with its answer. */
  dropConnections(): void;
  /** Listens on the same port again. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

type Respond = (request: SupervisorRequest) => Promise<Reply>;

/** Listens on a port and carries out the replies. */
export async function openListener(
  { port = 0, host = '127.0.0.1' }: ListenOptions,
  respond: Respond,
): Promise<Listener> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError('Supervisor.listen: port must be an integer from 0 to 65535.');
  }
  // Loaded here, so that it is not loaded for users of fetch() alone.
  const { createServer } = await import('node:http');
  const bind = (boundPort: number): Promise<Server> => {
    const server = createServer((request, response) => {
      void answer(request, response, respond, () => down && server.closeAllConnections());
    });
    return listening(server, boundPort, host);
  };

  let server = await bind(port);
  let down = false;
  let closed = false;
  const { port: actualPort } = server.address() as AddressInfo;

  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    goDown() {
      down = true;
      server.close();
    },
    dropConnections() {
      server.closeAllConnections();
    },
    async comeBack() {
      server.closeAllConnections();
      const fresh = await bindAgain(
        () => bind(actualPort),
        () => closed,
      );
      if (!fresh) return;
      server = fresh;
      down = false;
    },
    close() {
      closed = true;
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
  afterwards: () => void,
): Promise<void> {
  try {
    carryOut(await respond(fromIncoming(request)), response, afterwards);
  } catch {
    // The client disconnected while it was sending its body: nobody waits for an answer.
    request.destroy();
  }
}

function carryOut(reply: Reply, response: ServerResponse, afterwards: () => void): void {
  switch (reply.kind) {
    case 'answer':
      response.statusCode = reply.status;
      response.setHeaders(new Map(Object.entries(reply.headers)));
      if (typeof reply.body === 'string') response.once('close', afterwards).end(reply.body);
      else void writeChunks(response, reply.body);
      return;
    case 'hang':
      return;
    case 'reset':
    case 'refused':
      response.socket?.resetAndDestroy();
  }
}

// A slow client makes the body wait. One that has disconnected ends it.
async function writeChunks(response: ServerResponse, body: Chunks): Promise<void> {
  // The head of a body with a known length is sent at once. The head of a stream is sent with its first chunk, and a stream
  // that ends without one has no body at all.
  if (response.hasHeader('content-length')) response.flushHeaders();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    for await (const chunk of body(gone.signal)) {
      if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch {
    // What was written still arrives; then the connection ends before the body does.
    response.socket?.destroySoon();
  }
}

function fromIncoming(request: IncomingMessage): SupervisorRequest {
  const { path, query } = splitTarget(request.url ?? '/');
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
  return {
    method: request.method ?? 'GET',
    path,
    query,
    header: (name) => headers[name]?.toString(),
    body: hasBody ? request : undefined,
  };
}

// The path stays as it was sent, even if a URL would normalise it. A target may also be a whole URL (RFC 9112, 3.2.2).
function splitTarget(target: string): { path: string; query: string } {
  const local = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
  const at = local.indexOf('?');
  return at < 0 ? { path: local || '/', query: '' } : { path: local.slice(0, at) || '/', query: local.slice(at + 1) };
}

function listening(server: Server, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A connection that cannot be accepted, for lack of file descriptors or memory, must not end the process.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

// Another process may have been given the port meanwhile, if only briefly for an outgoing connection.
async function bindAgain(bind: () => Promise<Server>, isClosed: () => boolean): Promise<Server | undefined> {
  for (let attempt = 1; !isClosed(); attempt += 1) {
    try {
      const server = await bind();
      if (!isClosed()) return server;
      server.close();
    } catch (error) {
      if (attempt === bindAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, bindPauseMs));
    }
  }
  return undefined;
}

const bindAttempts = 100;
const bindPauseMs = 50;
