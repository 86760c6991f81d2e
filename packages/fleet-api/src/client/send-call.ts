import { FleetApiError } from '../problems/fleet-api-error.js';
import { errorOf } from '../problems/problem.js';
import { fillPath } from '../route/path-template.js';
import { formatQuery } from '../route/query-text.js';
import { formatRevision } from '../route/revision-tag.js';
import type { AnyRoute, GivenParts } from '../route/route.js';

/** How a client reaches its server. */
export interface Connection {
  /** Of the API, with its prefix. */
  baseUrl: string;
  headers(this: void): Promise<Record<string, string>>;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  timeoutMs: number;
}

/** Makes a call by its request, and resolves with its result. */
export async function sendCall(connection: Connection, route: AnyRoute, args: readonly unknown[]): Promise<unknown> {
  const response = await send(connection, route, route.give(...(args as never[])));
  const text = await response.text().catch(throwUnreachable);
  if (!response.ok) throw errorOf(parseJson(text), retryAfterMs(response)) ?? notTheApi(response.status);
  const { answer } = route;
  if (!answer.schema) return answer.hear(undefined);
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) throw notTheApi(response.status);
  return answer.hear(body);
}

async function send(connection: Connection, route: AnyRoute, parts: GivenParts): Promise<Response> {
  const { baseUrl, headers, fetch, timeoutMs } = connection;
  const { params, query, body, revision } = parts;
  const search = formatQuery(query as Parameters<typeof formatQuery>[0]).toString();
  const url = `${baseUrl}${fillPath(route.path, params)}${search && `?${search}`}`;
  const init: RequestInit = {
    method: route.method,
    headers: {
      accept: 'application/json',
      ...(await headers()),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(revision !== undefined && { 'if-match': formatRevision(revision) }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // A token goes to no other server.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  };
  return fetch(url, init).catch(throwUnreachable);
}

function throwUnreachable(error: unknown): never {
  throw new FleetApiError('unreachable', 'The server did not answer', {
    remedy: 'Check its address, and whether it runs.',
    cause: error,
  });
}

function notTheApi(status: number): FleetApiError {
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
