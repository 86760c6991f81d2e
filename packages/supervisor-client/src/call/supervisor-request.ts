import { deadlinesMs, type Endpoint } from '../endpoints/endpoint.js';
import { findEndpoint } from '../endpoints/endpoints.js';
import { readText } from '../answers/read-answer.js';
import { assertPath } from './request-path.js';

/** A request to an endpoint for which this client has no call. */
export interface SupervisorRequest {
  /** The Supervisor has no other methods. */
  method: 'GET' | 'POST' | 'PATCH';
  /**
   * As in `/v2/device/name`, without a query. It must be exactly the path that is sent: a path with `..`, an empty
   * segment, or anything else that could become another path on the way is a TypeError.
   */
  path: string;
  /** Without the key, which the client adds. */
  query?: Record<string, string> | undefined;
  /** Sent as JSON. @default {} for POST and PATCH */
  body?: unknown;
  /**
   * Whether the request changes something. A `write` waits for the other writes of this client, and is not retried once
   * the Supervisor may have received it. @default known for the Supervisor's endpoints, otherwise `read` for GET and
   * `write` for POST and PATCH
   */
  effect?: 'read' | 'write' | undefined;
}

/** A successful answer (2xx), unprocessed. */
export interface SupervisorAnswer {
  /** The HTTP status, from 200 to 299. */
  status: number;
  /** As sent by the Supervisor. It need not match the body. */
  contentType?: string;
  /** The body; an empty string if there is none. */
  text: string;
}

/**
 * What the client must know about a request to send it.
 *
 * @param unknownEffect the effect of an endpoint that is not in the table
 */
export function endpointFor(
  request: SupervisorRequest,
  unknownEffect: 'read' | 'write' = request.method === 'GET' ? 'read' : 'write',
): Endpoint<SupervisorAnswer> {
  assertRequest(request);
  const { method, path } = request;
  const known = findEndpoint(method, path);
  const effect = request.effect ?? known?.effect ?? unknownEffect;
  const deadline = effect === 'read' ? 'read' : 'lockable';
  return { key: 'required', deadline, ...known, method, path, effect, answers: { '2xx': readText } };
}

function assertRequest({ method, path, query = {}, body, effect }: SupervisorRequest): void {
  if (!['GET', 'POST', 'PATCH'].includes(method)) {
    throw new TypeError("The option `method` must be 'GET', 'POST' or 'PATCH'.");
  }
  assertPath(path);
  if (!isObjectOfTexts(query)) {
    throw new TypeError('The option `query` must be an object whose values are strings.');
  }
  // With brackets it is the key, too, as a list or an object.
  if (Object.keys(query).some((name) => /^apikey(?:\[|$)/i.test(name))) {
    throw new TypeError('The option `query` must not contain the key: the client adds it.');
  }
  if (method === 'GET' && body !== undefined)
    throw new TypeError('The option `body` is allowed with POST and PATCH only.');
  if (effect !== undefined && effect !== 'read' && effect !== 'write') {
    throw new TypeError("The option `effect` must be 'read' or 'write'.");
  }
}

/** An iterable is rejected: it could be read as a list of pairs, so its members do not show what would be sent. */
function isObjectOfTexts(query: unknown): boolean {
  if (typeof query !== 'object' || query === null || Symbol.iterator in query) return false;
  return Object.values(query).every((value) => typeof value === 'string');
}

/** How long an attempt may take. */
export function deadlineOf(
  { deadline }: Pick<Endpoint<unknown>, 'deadline'>,
  ofCall: number | undefined,
  ofClient: number | undefined,
): number {
  return ofCall ?? ofClient ?? deadlinesMs[deadline];
}
