import {
  endpointUrl,
  JSON_MEDIA_TYPE,
  misleadingUrl,
  nodeTokenSchema,
  PROBLEM_MEDIA_TYPE,
  type EndpointName,
  type HeartbeatRequest,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { classifyHeartbeatAnswer, classifyPresence, classifyRegisterAnswer } from './answers/classify-answer.js';
import { exchange } from './transport/exchange.js';
import type { FetchLike } from './transport/fetch-like.js';
import type { ReceivedAnswer } from './transport/received-answer.js';
import type { HeartbeatOutcome, NoVerdict, PresenceOutcome, RegisterOutcome } from './outcomes/outcome.js';
import { redactSecrets } from './outcomes/redact-secrets.js';

export interface CloudlyConnectorOptions {
  /** Cloudly's base URL: http or https, may have a path; without credentials, query and fragment. */
  cloudlyUrl: string | URL;
  /** One deadline for a whole exchange: connect, headers and body. Up to 2147483647. @default 30000 */
  timeoutMs?: number;
  /** @default ky, loaded at the first call */
  fetch?: FetchLike;
}

export interface RegisterOptions {
  /** Left out: the node proves itself by its registration key alone. */
  joinToken?: string | (() => string) | undefined;
  signal?: AbortSignal | undefined;
}

export interface HeartbeatOptions {
  nodeToken: string | (() => string);
  /** Also accepts the answer of a legacy Cloudly, from before protocol 1: any JSON object without `protocol`. @default false */
  legacy?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

const defaults = { timeoutMs: 30_000 };

/** The longest that timers take. */
const TIMEOUT_MAX_MS = 2_147_483_647;

/**
 * The two calls that a node makes to its Cloudly. Each ends with an outcome, whatever the network and the other side do;
 * a promise rejects for a programmer's mistake alone. Nothing is retried, no redirect followed, no token kept.
 */
export class CloudlyConnector {
  readonly #cloudlyUrl: URL;
  readonly #timeoutMs: number;
  readonly #loadFetch: () => FetchLike | Promise<FetchLike>;

  /** @throws TypeError when an option cannot be used; the message says what to do, and never repeats the URL. */
  constructor({ cloudlyUrl, timeoutMs = defaults.timeoutMs, fetch }: CloudlyConnectorOptions) {
    this.#cloudlyUrl = checkedUrl(cloudlyUrl);
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > TIMEOUT_MAX_MS) {
      throw new TypeError(`timeoutMs must be an integer from 1 to ${TIMEOUT_MAX_MS}; leave it out for 30 seconds.`);
    }
    this.#timeoutMs = timeoutMs;
    if (fetch !== undefined && typeof fetch !== 'function') {
      throw new TypeError('fetch must be a function like globalThis.fetch; leave it out for ky.');
    }
    this.#loadFetch = fetch ? () => fetch : loadKyFetch;
  }

  /**
   * Asks Cloudly to take the node in, or, for a node that it knows, for a fresh node token.
   *
   * @throws TypeError when the join token cannot stand in a header.
   */
  async register(request: RegisterRequest, options: RegisterOptions = {}): Promise<RegisterOutcome> {
    const { joinToken, signal } = options;
    const token = joinToken === undefined ? undefined : revealToken('joinToken', joinToken);
    const result = await this.#send({ endpoint: 'register', method: 'POST', message: request, token }, signal);
    const outcome = 'kind' in result ? result : classifyRegisterAnswer(result, request.nodeId);
    return redactSecrets(outcome, token === undefined ? [request.registrationKey] : [token, request.registrationKey]);
  }

  /**
   * Tells Cloudly that the node lives, how it is, and what became of its commands.
   *
   * @throws TypeError when the node token cannot stand in a header.
   */
  async heartbeat(request: HeartbeatRequest, options: HeartbeatOptions): Promise<HeartbeatOutcome> {
    const { nodeToken, legacy = false, signal } = options;
    const token = revealToken('nodeToken', nodeToken);
    const result = await this.#send({ endpoint: 'heartbeat', method: 'POST', message: request, token }, signal);
    const outcome = 'kind' in result ? result : classifyHeartbeatAnswer(result, legacy);
    return redactSecrets(outcome, [token]);
  }

  /**
   * Asks whether a Cloudly is there, by a GET of an endpoint that takes POST alone: each Cloudly has to say so in the words
   * of the contract (405), before it judges anything. No token and nothing of the node is sent, and nobody is counted.
   * Where what answers that is not a Cloudly, as a gateway that lets nothing but POST through, an empty heartbeat without a
   * token asks again: that one a Cloudly has to refuse as well, and counts.
   */
  async presence(options: { signal?: AbortSignal | undefined } = {}): Promise<PresenceOutcome> {
    const asked = await this.#send({ endpoint: 'heartbeat', method: 'GET' }, options.signal);
    const outcome = 'kind' in asked ? asked : classifyPresence(asked);
    if (outcome.kind !== 'not-cloudly' || !refusalsOfMethods.has(outcome.status)) return outcome;
    const result = await this.#send({ endpoint: 'heartbeat', method: 'POST', message: {} }, options.signal);
    return 'kind' in result ? result : classifyPresence(result);
  }

  async #send(
    { endpoint, method, message, token }: Sent,
    signal: AbortSignal | undefined,
  ): Promise<ReceivedAnswer | NoVerdict> {
    const request = {
      method,
      url: endpointUrl(this.#cloudlyUrl, endpoint),
      headers: {
        Accept: `${JSON_MEDIA_TYPE}, ${PROBLEM_MEDIA_TYPE}`,
        'Accept-Encoding': 'identity',
        ...(message !== undefined && { 'Content-Type': JSON_MEDIA_TYPE }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(message !== undefined && { body: JSON.stringify(message) }),
    };
    const result = await exchange(await this.#loadFetch(), request, { timeoutMs: this.#timeoutMs, signal });
    return result.kind === 'answered' ? result.answer : result;
  }
}

interface Sent {
  endpoint: EndpointName;
  method: 'GET' | 'POST';
  message?: RegisterRequest | HeartbeatRequest | Record<string, never>;
  token?: string | undefined;
}

/** What stands in front of a server answers so where it knows no route for a GET, or a Cloudly from before protocol 1 does. */
const refusalsOfMethods: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 501]);

async function loadKyFetch(): Promise<FetchLike> {
  const { kyFetch } = await import('./transport/ky-fetch.js');
  return kyFetch;
}

function checkedUrl(cloudlyUrl: string | URL): URL {
  // The error of `new URL` holds its input, which may hold a password.
  if (!URL.canParse(String(cloudlyUrl))) {
    throw new TypeError('cloudlyUrl must be an absolute URL, such as https://cloudly.example.');
  }
  const url = new URL(cloudlyUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError(`cloudlyUrl must start with https:// or http://, not ${url.protocol}`);
  }
  const problem = misleadingUrl(String(cloudlyUrl));
  if (problem !== undefined) throw new TypeError(`cloudlyUrl ${problem}.`);
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(
      'cloudlyUrl must not hold credentials: remove what stands before the @; tokens go to the calls.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError('cloudlyUrl must have neither query nor fragment: remove what follows the ? or #.');
  }
  return url;
}

function revealToken(name: string, token: string | (() => string)): string {
  const value = typeof token === 'function' ? token() : token;
  if (!v.is(nodeTokenSchema, value)) {
    throw new TypeError(
      `${name} cannot stand in a header: a token is visible ASCII without spaces and line ends, and not empty; look for a slip where it was copied.`,
    );
  }
  return value;
}
