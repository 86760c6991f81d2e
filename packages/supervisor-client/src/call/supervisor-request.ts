import { deadlinesMs, type Endpoint } from '../endpoints/endpoint.js';
import { findEndpoint } from '../endpoints/endpoints.js';
import { readText } from '../answers/read-answer.js';
import { assertPath } from './request-path.js';

/** A request in the Supervisor's own words, for an endpoint that this client has no call for. */
export interface SupervisorRequest {
  /** Others the Supervisor does not know. */
  method: 'GET' | 'POST' | 'PATCH';
  /**
   * As in `/v2/device/name`, without a query. It must be the very path that is sent: one with `..`, an empty part, or
   * anything else that is read as another path on the way, is a TypeError.
   */
  path: string;
  /** Without the key, which the client adds. */
  query?: Record<string, string> | undefined;
  /** Sent as JSON. @default {} for POST and PATCH */
  body?: unknown;
  /**
   * Whether it changes something: a `write` waits for the other writes of this client, and is not sent again once it may
   * have been received. @default what is known of the endpoint, or else `read` for GET and `write` for POST and PATCH
   */
  effect?: 'read' | 'write' | undefined;
}

/** An answer as it came, whose status is one of success (2xx). */
export interface SupervisorAnswer {
  /** The HTTP status, from 200 to 299. */
  status: number;
  /** As the Supervisor said, which need not fit. */
  contentType?: string;
  /** The body; empty without one. */
  text: string;
}

/**
 * What the client has to know of a request before it can send it.
 *
 * @param unknownEffect that of an endpoint which nothing is known of
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
    throw new TypeError('The option `query` must be an object of texts.');
  }
  // With brackets it is the key as well, as a list or an object.
  if (Object.keys(query).some((name) => /^apikey(?:\[|$)/i.test(name))) {
    throw new TypeError('The option `query` must not hold the key: the client adds its own.');
  }
  if (method === 'GET' && body !== undefined) throw new TypeError('The option `body` goes with POST and PATCH only.');
  if (effect !== undefined && effect !== 'read' && effect !== 'write') {
    throw new TypeError("The option `effect` must be 'read' or 'write'.");
  }
}

/** What could also be read as a list of pairs is none: its members say nothing of what would be sent. */
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
