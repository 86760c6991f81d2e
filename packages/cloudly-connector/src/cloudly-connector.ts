import {
  endpointUrl,
  JSON_MEDIA_TYPE,
  misleadingUrl,
  nodeTokenSchema,
  PROBLEM_MEDIA_TYPE,
  type AnyEndpointName,
  type HeartbeatRequest,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import {
  classifyHeartbeatAnswer,
  classifyPresence,
  classifyRegisterAnswer,
  classifyWakeAnswer,
} from './answers/classify-answer.js';
import { exchange } from './transport/exchange.js';
import type { FetchLike } from './transport/fetch-like.js';
import type { ReceivedAnswer } from './transport/received-answer.js';
import type { HeartbeatOutcome, NoVerdict, PresenceOutcome, RegisterOutcome, WakeOutcome } from './outcomes/outcome.js';
import { redactSecrets } from './outcomes/redact-secrets.js';

/** Where Cloudly is, and how the connector calls it. */
export interface CloudlyConnectorOptions {
  /** Cloudly's base URL: http or https. It may have a path, but no credentials, query or fragment. */
  cloudlyUrl: string | URL;
  /** The deadline for a whole exchange: connect, headers and body. At most 2147483647. @default 30000 */
  timeoutMs?: number;
  /** The transport. @default ky, loaded at the first call */
  fetch?: FetchLike;
}

/** The options of `register()`. */
export interface RegisterOptions {
  /** The join token, or a function that returns it. @default none: the node authenticates by its registration key alone */
  joinToken?: string | (() => string) | undefined;
  /** Ends the call with the outcome `aborted`. */
  signal?: AbortSignal | undefined;
}

/** The options of `heartbeat()`. */
export interface HeartbeatOptions {
  /** The node token, or a function that returns it. */
  nodeToken: string | (() => string);
  /** Also accepts the answer of a legacy Cloudly, from before protocol 1: any JSON object without `protocol`. @default false */
  legacy?: boolean | undefined;
  /** Ends the call with the outcome `aborted`. */
  signal?: AbortSignal | undefined;
}

/** The options of `wake()`. */
export interface WakeOptions {
  /** The node token, or a function that returns it. */
  nodeToken: string | (() => string);
  /** How long Cloudly holds the request, by its offer. The deadline is `timeoutMs` later. */
  waitMs: number;
  /** Ends the call with the outcome `aborted`. */
  signal?: AbortSignal | undefined;
}

const defaults = { timeoutMs: 30_000 };

/** The longest wait of a JavaScript timer. */
const TIMEOUT_MAX_MS = 2_147_483_647;

/**
 * The calls that a node makes to its Cloudly. Each resolves with an outcome, regardless of what the network and the
 * server do, and rejects only for a mistake in the program. The connector retries nothing, follows no redirect and keeps no
 * token.
 */
export class CloudlyConnector {
  readonly #urls: Readonly<Record<Sent['endpoint'], string>>;
  readonly #timeoutMs: number;
  readonly #loadFetch: () => FetchLike | Promise<FetchLike>;

  /** @throws TypeError for an invalid option. The message says what to do, and never repeats the URL. */
  constructor({ cloudlyUrl, timeoutMs = defaults.timeoutMs, fetch }: CloudlyConnectorOptions) {
    const url = checkedUrl(cloudlyUrl);
    this.#urls = {
      register: endpointUrl(url, 'register'),
      heartbeat: endpointUrl(url, 'heartbeat'),
      wake: endpointUrl(url, 'wake'),
    };
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > TIMEOUT_MAX_MS) {
      throw new TypeError(`timeoutMs must be an integer from 1 to ${TIMEOUT_MAX_MS}; omit it for 30 seconds.`);
    }
    this.#timeoutMs = timeoutMs;
    if (fetch !== undefined && typeof fetch !== 'function') {
      throw new TypeError('fetch must be a function like globalThis.fetch; omit it to use ky.');
    }
    this.#loadFetch = fetch ? () => fetch : loadKyFetch;
  }

  /**
   * Asks Cloudly to admit the node or, if Cloudly knows the node already, to issue a new node token.
   *
   * @throws TypeError if the join token cannot be sent in a header.
   */
  async register(request: RegisterRequest, options: RegisterOptions = {}): Promise<RegisterOutcome> {
    const { joinToken, signal } = options;
    const token = joinToken === undefined ? undefined : revealToken('joinToken', joinToken);
    const result = await this.#send({ endpoint: 'register', method: 'POST', message: request, token }, signal);
    const outcome = 'kind' in result ? result : classifyRegisterAnswer(result, request.nodeId);
    return redactSecrets(outcome, token === undefined ? [request.registrationKey] : [token, request.registrationKey]);
  }

  /**
   * Reports to Cloudly that the node is alive, its status and the results of its commands.
   *
   * @throws TypeError if the node token cannot be sent in a header.
   */
  async heartbeat(request: HeartbeatRequest, options: HeartbeatOptions): Promise<HeartbeatOutcome> {
    const { nodeToken, legacy = false, signal } = options;
    const token = revealToken('nodeToken', nodeToken);
    const result = await this.#send({ endpoint: 'heartbeat', method: 'POST', message: request, token }, signal);
    const outcome = 'kind' in result ? result : classifyHeartbeatAnswer(result, legacy);
    return redactSecrets(outcome, [token]);
  }

  /**
   * Checks whether there is a Cloudly. Sends a GET to an endpoint that accepts only POST: every Cloudly must refuse it with
   * the 405 of the contract, before it checks anything else. No token and nothing about the node is sent, and the request
   * does not count towards any limit. If the answer is not one of a Cloudly, for example from a gateway that passes only
   * POST, it sends an empty heartbeat without a token. A Cloudly must refuse that, too, but counts it.
   */
  async presence(options: { signal?: AbortSignal | undefined } = {}): Promise<PresenceOutcome> {
    const asked = await this.#send({ endpoint: 'heartbeat', method: 'GET' }, options.signal);
    const outcome = 'kind' in asked ? asked : classifyPresence(asked);
    if (outcome.kind !== 'not-cloudly' || !refusalsOfMethods.has(outcome.status)) return outcome;
    const result = await this.#send({ endpoint: 'heartbeat', method: 'POST', message: {} }, options.signal);
    return 'kind' in result ? result : classifyPresence(result);
  }

  /**
   * Waits until Cloudly has something for the node: holds a request for `waitMs`, as a heartbeat has offered.
   *
   * @throws TypeError if the node token cannot be sent in a header, or `waitMs` is not a time to wait.
   */
  async wake(options: WakeOptions): Promise<WakeOutcome> {
    const { nodeToken, waitMs, signal } = options;
    if (!(waitMs >= 0 && waitMs <= TIMEOUT_MAX_MS - this.#timeoutMs)) {
      throw new TypeError('waitMs must be the wait that Cloudly has offered, in milliseconds.');
    }
    const token = revealToken('nodeToken', nodeToken);
    const result = await this.#send({ endpoint: 'wake', method: 'GET', token, waitMs }, signal);
    return redactSecrets('kind' in result ? withoutAnswer(result) : classifyWakeAnswer(result), [token]);
  }

  async #send(
    { endpoint, method, message, token, waitMs = 0 }: Sent,
    signal: AbortSignal | undefined,
  ): Promise<ReceivedAnswer | Unanswered> {
    const request = {
      method,
      url: this.#urls[endpoint],
      headers: {
        Accept: `${JSON_MEDIA_TYPE}, ${PROBLEM_MEDIA_TYPE}`,
        'Accept-Encoding': 'identity',
        ...(message !== undefined && { 'Content-Type': JSON_MEDIA_TYPE }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(message !== undefined && { body: JSON.stringify(message) }),
    };
    const result = await exchange(await this.#loadFetch(), request, {
      timeoutMs: this.#timeoutMs + waitMs,
      signal,
    });
    return result.kind === 'answered' ? result.answer : result;
  }
}

interface Sent {
  endpoint: AnyEndpointName;
  method: 'GET' | 'POST';
  message?: RegisterRequest | HeartbeatRequest | Record<string, never>;
  token?: string | undefined;
  /** How long Cloudly may hold the request. */
  waitMs?: number;
}

type Unanswered = Extract<NoVerdict, { kind: 'unreachable' | 'timeout' | 'aborted' }>;

function withoutAnswer(result: Unanswered): WakeOutcome {
  switch (result.kind) {
    case 'aborted':
      return result;
    case 'timeout':
      return { kind: 'failed', reason: `no answer within ${result.timeoutMs} ms` };
    default:
      return { kind: 'failed', reason: result.reason };
  }
}

/** A gateway answers with these if it has no route for a GET, and so does a Cloudly from before protocol 1. */
const refusalsOfMethods: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 501]);

async function loadKyFetch(): Promise<FetchLike> {
  const { kyFetch } = await import('./transport/ky-fetch.js');
  return kyFetch;
}

function checkedUrl(cloudlyUrl: string | URL): URL {
  // The error of `new URL` contains its input, which may contain a password.
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
      'cloudlyUrl must not contain credentials: remove the part before the @, and pass tokens to the calls.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError('cloudlyUrl must not contain a query or a fragment: remove everything from the ? or # on.');
  }
  return url;
}

function revealToken(name: string, token: string | (() => string)): string {
  const value = typeof token === 'function' ? token() : token;
  if (!v.is(nodeTokenSchema, value)) {
    throw new TypeError(
      `${name} cannot be sent in a header: a token must be visible ASCII without spaces or line breaks, and not empty. Check it for typos.`,
    );
  }
  return value;
}
