import { buildRequest, type CallInput } from './build-request.js';
import type { CallOptions } from './call-options.js';
import { classifyAnswer, type Classified, type Fault } from '../errors/classify-answer.js';
import { classifyBrokenStream, classifyConnection } from '../errors/classify-connection.js';
import { assertTimeout, type ResolvedOptions } from './client-options.js';
import { endpointOf, type Endpoint } from '../endpoints/endpoint.js';
import { exchange, openStream, type Exchanged, type ExchangeRequest } from '../transport/exchange.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { KeyHolder } from './key-holder.js';
import { retryDelayMs } from './retry.js';
import { sleep } from '../waiting/sleep.js';
import { streamBody } from '../transport/stream-body.js';
import { deadlineOf, endpointFor, type SupervisorAnswer, type SupervisorRequest } from './supervisor-request.js';
import { toSupervisorError } from '../errors/to-supervisor-error.js';
import { Turns } from '../waiting/turns.js';

/** The options of `stream()`. */
export interface StreamOptions {
  /** Ends the stream. Its reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How long the Supervisor may take to begin its answer. The stream itself has no deadline. @default 30000 */
  connectTimeoutMs?: number | undefined;
}

/** Sends one call to an endpoint and resolves with its result, or rejects with a SupervisorError. */
export type Call = <Result>(
  endpoint: Endpoint<Result>,
  options: CallOptions,
  input?: CallInput & {
    appId?: number;
    /** Makes the body when it is the call's turn among the writes, in place of `body`. */
    bodyInTurn?: () => Promise<unknown>;
    /** Called with the result before the next write is sent. */
    onSuccess?: (result: Result) => void;
  },
) => Promise<Result>;

/** Time and randomness, which a test replaces. */
export interface CallerEnvironment {
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** As `Math.random`. */
  random: () => number;
}

const defaultConnectTimeoutMs = 30_000;

/** Sends every call: the key, the deadlines, the retries and the order of writes are the same for all of them. */
export class Caller {
  readonly #options: ResolvedOptions;
  readonly #environment: CallerEnvironment;
  readonly #writes = new Turns();
  readonly key: KeyHolder;

  constructor(options: ResolvedOptions, environment: CallerEnvironment = { sleep, random: Math.random }) {
    this.#options = options;
    this.#environment = environment;
    this.key = new KeyHolder({ apiKey: options.apiKey, isNeeded: options.isKeyNeeded });
  }

  readonly call: Call = async (endpoint, options, { appId, onSuccess, bodyInTurn, ...input } = {}) =>
    this.#send(
      endpointOf(endpoint, appId),
      options,
      async () => (bodyInTurn === undefined ? input : { ...input, body: await bodyInTurn() }),
      onSuccess,
    );

  async request(request: SupervisorRequest, options: CallOptions): Promise<SupervisorAnswer> {
    return this.#send(endpointFor(request), options, async () => request);
  }

  async stream(request: SupervisorRequest, options: StreamOptions): Promise<AsyncIterable<Uint8Array>> {
    const { signal, connectTimeoutMs = defaultConnectTimeoutMs } = options;
    assertTimeout(connectTimeoutMs, 'connectTimeoutMs');
    // A stream only reads, even if it is requested by POST.
    const endpoint = endpointFor(request, 'read');
    const { built, key } = this.#prepare(endpoint, request);
    const opened = await openStream(built, { loadFetch: this.#loadFetch, timeoutMs: connectTimeoutMs, signal });
    if (opened.kind === 'open') {
      const toError = (error: unknown): Error => toSupervisorError({ endpoint, key }, classifyBrokenStream(error));
      return streamBody(opened, { signal, toError });
    }
    throw toSupervisorError({ endpoint, key }, faultOf(endpoint, opened, connectTimeoutMs));
  }

  async #send<Result>(
    endpoint: Endpoint<Result>,
    options: CallOptions,
    makeInput: () => Promise<CallInput>,
    onSuccess?: (result: Result) => void,
  ): Promise<Result> {
    const { signal } = options;
    assertTimeout(options.timeoutMs);
    const timeoutMs = deadlineOf(endpoint, options.timeoutMs, this.#options.timeoutMs);
    const send = async (): Promise<Result> => {
      const result = await this.#attempt(endpoint, await makeInput(), timeoutMs, signal);
      onSuccess?.(result);
      return result;
    };
    return endpoint.effect === 'write' ? this.#writes.take(send, signal) : send();
  }

  async #attempt<Result>(
    endpoint: Endpoint<Result>,
    input: CallInput,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const { sleep: wait, random } = this.#environment;
    for (let attempts = 1; ; attempts++) {
      const { built, key } = this.#prepare(endpoint, input);
      const exchanged = await exchange(built, { loadFetch: this.#loadFetch, timeoutMs, signal });
      const classified = classify(endpoint, exchanged, timeoutMs);
      if (classified.ok) return classified.value;
      const { fault } = classified;
      const delayMs = retryDelayMs({ effect: endpoint.effect, fault }, attempts, this.#options.retry, random);
      if (delayMs === undefined) throw toSupervisorError({ endpoint, key, attempts }, fault);
      await wait(delayMs, signal);
    }
  }

  #prepare(endpoint: Endpoint<unknown>, input: CallInput): { built: ExchangeRequest; key: string | undefined } {
    const read = this.key.read(endpoint.key);
    if (!read.ok) throw toSupervisorError({ endpoint, key: undefined }, read.fault);
    const { address, apiKeyIn } = this.#options;
    return { built: buildRequest(endpoint, input, { address, apiKeyIn, key: read.key }), key: read.key };
  }

  /** ky loads Node's whole fetch, 15 MB or more. It is loaded at the first call, and never with another transport. */
  readonly #loadFetch = async (): Promise<FetchLike> =>
    this.#options.fetch ?? (await import('../transport/ky-fetch.js')).kyFetch;
}

/** Why an answer opened no stream. Even a success is not the expected answer here. */
function faultOf(endpoint: Endpoint<SupervisorAnswer>, exchanged: Exchanged, timeoutMs: number): Fault {
  const classified = classify<never>({ ...endpoint, answers: {} }, exchanged, timeoutMs);
  return classified.ok ? classified.value : classified.fault;
}

function classify<Result>(endpoint: Endpoint<Result>, exchanged: Exchanged, timeoutMs: number): Classified<Result> {
  return exchanged.kind === 'answered'
    ? classifyAnswer(endpoint, exchanged)
    : { ok: false, fault: classifyConnection(endpoint, exchanged, timeoutMs) };
}
