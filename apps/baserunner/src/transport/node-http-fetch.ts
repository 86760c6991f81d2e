import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import { describeFailure } from './describe-failure.js';
import { limitInterimAnswers } from './limit-interim-answers.js';
import { parseProxy, proxyRefused } from './proxy-tunnel.js';
import { openRoute, type Route } from './route.js';

export interface NodeHttpFetchOptions {
  /**
   * How long a connection is kept without use; shorter where the server says so. Below the 5 s after which the Supervisor
   * and a plain Node server close it, so that no request is written to a connection that is being closed.
   * @default 4000
   */
  idleMs?: number | undefined;
  /** The http(s) URL of the proxy for every request, with user name and password if the proxy requires them. */
  proxyUrl?: string | undefined;
  /** Certificates (PEM) that are trusted in addition to those of Node. */
  certificateAuthorities?: readonly string[] | undefined;
  /**
   * The variable that contains the server's address, for the remedy of a problem with its certificate. @default
   * BASEOS_CLOUDLY_URL
   */
  variable?: string | undefined;
  /**
   * Whether a request with this method may be carried out twice. It is then sent again, once, if the server has closed
   * a kept connection in the meantime.
   * @default for GET
   */
  isRepeatable?: ((method: string) => boolean) | undefined;
}

export interface Transport {
  fetch: FetchLike;
  /** Ends every connection, also those in use. */
  close: () => void;
}

const defaults = { idleMs: 4000, variable: 'BASEOS_CLOUDLY_URL', isRepeatable: (method: string) => method === 'GET' };

type Headers = Awaited<ReturnType<FetchLike>>['headers'];
type Body = AsyncIterable<Uint8Array> | null;

/**
 * A transport on Node's own HTTP client, which costs an agent that waits some 25 MB less than `fetch` does: `fetch`,
 * `Request` and `import 'node:http'` all load undici, `process.getBuiltinModule` does not.
 *
 * It keeps connections alive for a short while, asks for identity encoding, decodes nothing, follows no redirect, and
 * uses a proxy only from its options. After a failed exchange, the next one gets a new connection and a new DNS lookup.
 * Give each party its own transport, so that their failures stay separate.
 */
export function createNodeHttpFetch(options: NodeHttpFetchOptions = {}): Transport {
  const { idleMs = defaults.idleMs, variable = defaults.variable, isRepeatable = defaults.isRepeatable } = options;
  const proxy = options.proxyUrl === undefined ? undefined : parseProxy(options.proxyUrl);
  const secureContext = trusting(options.certificateAuthorities);
  const routes = new Map<string, Route>();
  const routeFor = (protocol: string): Route => {
    const route = routes.get(protocol) ?? openRoute(protocol, { idleMs, proxy, secureContext, variable });
    routes.set(protocol, route);
    return route;
  };
  const attempt: FetchLike = async (url, init) => {
    const target = new URL(url);
    const route = routeFor(target.protocol);
    try {
      return await exchange(route, target, init);
    } catch (error) {
      route.dropIdleConnections();
      throw error;
    }
  };
  return {
    fetch: async (url, init) => {
      try {
        return await attempt(url, init);
      } catch (error) {
        if (!isClosedMeanwhile(error) || !isRepeatable(init.method)) throw error;
        return attempt(url, init);
      }
    },
    close: () => {
      for (const route of routes.values()) route.close();
    },
  };
}

/** The certificates that Node trusts and these; undefined if there are no others. */
export function trusting(authorities: readonly string[] = []): SecureContext | undefined {
  if (authorities.length === 0) return undefined;
  const tls = process.getBuiltinModule('node:tls');
  // Older versions of Node do not report what they trust by default; it is this, except for NODE_EXTRA_CA_CERTS.
  const known = (tls as Partial<typeof tls>).getCACertificates?.('default') ?? tls.rootCertificates;
  return tls.createSecureContext({ ca: [...known, ...authorities] });
}

async function exchange(route: Route, url: URL, init: Parameters<FetchLike>[1]): ReturnType<FetchLike> {
  const { method, body, signal } = init;
  signal.throwIfAborted();
  const headers = { 'accept-encoding': 'identity', ...init.headers };
  const request = await route.request(url, { method, headers }, signal);
  const place = route.readingProxy?.place;
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const abort = (): void => {
      request.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => {
      signal.removeEventListener('abort', abort);
      // A request may end in another way: then nothing waits for an answer any longer.
      if (!isAnswered) reject(describeFailure(closedSilently(), place));
    });
    // Node does not report a protocol upgrade that has no listener.
    request.once('upgrade', (_response, socket) => socket.destroy());
    limitInterimAnswers(request);
    const isUnanswered = watchReuse(request);
    request.on('error', (error) => {
      const failure = describeFailure(error, place);
      if (isUnanswered(error)) closedMeanwhile.add(failure);
      reject(failure);
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status === 407 && route.readingProxy) {
        request.destroy();
        return reject(proxyRefused(route.readingProxy, status));
      }
      const readFailure = (error: unknown): Error => {
        route.dropIdleConnections();
        return signal.aborted ? (signal.reason as Error) : describeFailure(error, place);
      };
      isAnswered = true;
      resolve({ status, headers: readHeaders(response), body: readBody(response, readFailure) });
    });
    request.end(body);
  });
}

function closedSilently(): Error {
  return Object.assign(new Error('The connection was closed without an answer.'), { code: 'ECONNRESET' });
}

/** Failures of requests on a kept connection that the server was closing: no part of an answer arrived. */
const closedMeanwhile = new WeakSet<object>();

function isClosedMeanwhile(error: unknown): boolean {
  return closedMeanwhile.has(error as object);
}

function watchReuse(request: ClientRequest): (error: NodeJS.ErrnoException) => boolean {
  let connection: Socket | undefined;
  let bytesBefore = 0;
  request.once('socket', (socket) => {
    connection = socket;
    bytesBefore = socket.bytesRead;
  });
  return ({ code }) =>
    request.reusedSocket &&
    (code === 'ECONNRESET' || code === 'EPIPE') &&
    connection !== undefined &&
    connection.bytesRead === bytesBefore;
}

function readHeaders(response: IncomingMessage): Headers {
  return {
    get: (name) => {
      const value = response.headers[name.toLowerCase()];
      return (Array.isArray(value) ? value.join(', ') : value) ?? null;
    },
  };
}

function readBody(response: IncomingMessage, readFailure: (error: unknown) => Error): Body {
  // A failure without a reader must not end the process: reading reports it, too.
  response.on('error', () => undefined);
  const { statusCode } = response;
  if (statusCode === 204 || statusCode === 205 || statusCode === 304) {
    response.resume();
    return null;
  }
  return readChunks(response, readFailure);
}

async function* readChunks(
  response: IncomingMessage,
  readFailure: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw readFailure(error);
  }
}
