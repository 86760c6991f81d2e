import type { StartTimer } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { FleetApiError } from '../problems/fleet-api-error.js';
import { errorOf } from '../problems/problem.js';
import { fillPath } from '../route/path-template.js';
import { formatQuery } from '../route/query-text.js';
import { formatRevision } from '../route/revision-tag.js';
import type { AnyRoute } from '../route/route.js';

/** How a client reaches its server. */
export interface Connection {
  /** Of the API, with its prefix. */
  baseUrl: string;
  headers(this: void): Promise<Record<string, string>>;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  timeoutMs: number;
  startTimer: StartTimer;
  random: () => number;
}

/** Makes a call by its request, and resolves with its result. */
export async function sendCall(connection: Connection, route: AnyRoute, args: readonly unknown[]): Promise<unknown> {
  const signal = AbortSignal.timeout(connection.timeoutMs);
  const response = await send(connection, { route, args, signal, accept: 'application/json' });
  const { answer } = route;
  if (!answer.schema) return answer.hear(undefined);
  const body = parseJson(await response.text().catch(throwUnreachable));
  if (typeof body !== 'object' || body === null) throw notTheApi(response.status);
  return answer.hear(body);
}

export interface Sending {
  route: AnyRoute;
  args: readonly unknown[];
  signal: AbortSignal;
  /** The media type that the answer is to have. */
  accept: string;
}

/** Sends the request of a call, and resolves with a good answer. Rejects with the error of any other. */
export async function send(connection: Connection, { route, args, signal, accept }: Sending): Promise<Response> {
  const { baseUrl, headers, fetch } = connection;
  const { params, query, body, revision } = route.give(...(args as never[]));
  const search = formatQuery(query as Parameters<typeof formatQuery>[0]).toString();
  const url = `${baseUrl}${fillPath(route.path, params)}${search && `?${search}`}`;
  const init: RequestInit = {
    method: route.method,
    headers: {
      accept,
      ...(await headers()),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(revision !== undefined && { 'if-match': formatRevision(revision) }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // A token goes to no other server.
    redirect: 'manual',
    signal,
  };
  const response = await fetch(url, init).catch(throwUnreachable);
  if (response.ok) return response;
  const text = await response.text().catch(throwUnreachable);
  throw errorOf(parseJson(text), retryAfterMs(response)) ?? notTheApi(response.status);
}

export function throwUnreachable(error: unknown): never {
  throw new FleetApiError('unreachable', 'The server did not answer', {
    remedy: 'Check its address, and whether it runs.',
    cause: error,
  });
}

export function notTheApi(status: number): FleetApiError {
  return new FleetApiError('not-the-api', `Something else answered, with status ${status}`, {
    remedy: 'Check the address. A proxy may have answered, or a server without this API.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
