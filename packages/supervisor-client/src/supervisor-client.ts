import type { Device, StateStatus, UpdateReceipt } from './answers.js';
import { isSendableKey, unsendableKey } from './api-key.js';
import { classifyAnswer, type Fault } from './classify-answer.js';
import { classifyConnection } from './classify-connection.js';
import { assertTimeout, resolveOptions, type ResolvedOptions, type SupervisorClientOptions } from './client-options.js';
import { deadlinesMs, endpoints, type Endpoint } from './endpoints.js';
import { exchange, type ExchangeRequest } from './exchange.js';
import type { FetchLike } from './fetch-like.js';
import { processEnvironment, readEnvironment, type Environment } from './read-environment.js';
import { toSupervisorError } from './to-supervisor-error.js';

export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason, as `fetch` does. */
  signal?: AbortSignal | undefined;
  /** How long this call may take. @default the client's `timeoutMs`, or that of the kind of call */
  timeoutMs?: number | undefined;
}

export interface UpdateOptions extends CallOptions {
  /** Updates in spite of update locks, and where instant updates are switched off. Deletes lock files. @default false */
  force?: boolean | undefined;
  /**
   * Ends an update that is under way or waits, and starts over. Supervisors before 17.1 ignore it.
   * @default the value of `force`: a forced update would otherwise wait until the one that is locked tries again
   */
  cancel?: boolean | undefined;
}

export interface RebootOptions extends CallOptions {
  /** Reboots in spite of update locks. @default false */
  force?: boolean | undefined;
}

/**
 * The HTTP API of the balena Supervisor on this device, as typed calls.
 *
 * Every call rejects with a {@link SupervisorError}, except that a wrong option is a TypeError and an abort the reason of
 * the caller's signal. Nothing is sent twice: retries are the caller's, and `error.retryable` tells where one is safe.
 *
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export class SupervisorClient {
  /** Where the Supervisor listens, without a slash at its end. */
  readonly address: string;
  readonly #options: ResolvedOptions;

  constructor(options: SupervisorClientOptions) {
    this.#options = resolveOptions(options);
    this.address = this.#options.address;
  }

  /**
   * A client for the Supervisor of the device this container runs on, by `BALENA_SUPERVISOR_ADDRESS` and
   * `BALENA_SUPERVISOR_API_KEY` (or `RESIN_...`, as they were called before 7.22).
   *
   * @param environment where the variables stand. @default process.env
   * @param options all else; `withoutKey: true` leaves the key of the environment out.
   * @throws SupervisorError `not-configured` without a usable address, `api-key-invalid` with a key that cannot be sent.
   * A missing key shows when a call needs it.
   */
  static fromEnv(
    environment: Environment = processEnvironment(),
    options: Omit<SupervisorClientOptions, 'address' | 'apiKey'> = {},
  ): SupervisorClient {
    const { address, apiKey } = readEnvironment(environment);
    return new SupervisorClient({ ...options, address, apiKey: options.withoutKey === true ? undefined : apiKey });
  }

  /** Resolves if the Supervisor answers. It says so even while the container engine hangs. `GET /ping` */
  async ping(options: CallOptions = {}): Promise<void> {
    return this.#call(endpoints.ping, options);
  }

  /** The device, its addresses and how its update stands. `GET /v1/device`, since 1.6 */
  async device(options: CallOptions = {}): Promise<Device> {
    return this.#call(endpoints.device, options);
  }

  /** Containers and images of the first app, and how far its release is. `GET /v2/state/status`, since 9.7 */
  async stateStatus(options: CallOptions = {}): Promise<StateStatus> {
    return this.#call(endpoints.stateStatus, options);
  }

  /** The Supervisor's version, as in `19.0.5`. `GET /v2/version`, since 7.21 */
  async version(options: CallOptions = {}): Promise<string> {
    return this.#call(endpoints.version, options);
  }

  /** Asks the Supervisor to look for a new release and to apply it. `POST /v1/update`, since 1.1 */
  async update(options: UpdateOptions = {}): Promise<UpdateReceipt> {
    const { force = false, cancel = force } = options;
    assertBoolean('force', force);
    assertBoolean('cancel', cancel);
    return this.#call(endpoints.update, options, { force, cancel });
  }

  /**
   * Reboots the device. Resolves when the Supervisor has agreed; it closes its API at once. Rejects with `locked` while
   * a service holds an update lock or the host OS is updated. `POST /v1/reboot`, since 1.1
   */
  async reboot(options: RebootOptions = {}): Promise<void> {
    const { force = false } = options;
    assertBoolean('force', force);
    return this.#call(endpoints.reboot, options, { force });
  }

  async #call<Result>(endpoint: Endpoint<Result>, options: CallOptions, body?: object): Promise<Result> {
    const { signal } = options;
    assertTimeout(options.timeoutMs);
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? deadlinesMs[endpoint.deadline];

    const key = this.#readKey(endpoint);
    const request = this.#request(endpoint, key, body);
    const exchanged = await exchange(request, { loadFetch: async () => this.#loadFetch(), timeoutMs, signal });
    if (exchanged.kind !== 'answered') {
      throw toSupervisorError(endpoint, classifyConnection(endpoint, exchanged, timeoutMs), key);
    }
    const classified = classifyAnswer(endpoint, exchanged);
    if (!classified.ok) throw toSupervisorError(endpoint, classified.fault, key);
    return classified.value;
  }

  #readKey(endpoint: Endpoint<unknown>): string | undefined {
    const { readKey, isKeyNeeded } = this.#options;
    const key = readKey?.() ?? '';
    const fault = keyFault(key, isKeyNeeded && endpoint.key === 'required');
    if (fault !== undefined) throw toSupervisorError(endpoint, fault, undefined);
    return key === '' ? undefined : key;
  }

  /**
   * A body is always JSON that says so, and never empty: the Supervisor drops JSON without its content type unread, and
   * reads an empty body as a wish to cancel.
   */
  #request(endpoint: Endpoint<unknown>, key: string | undefined, body: object | undefined): ExchangeRequest {
    const url = `${this.address}${endpoint.path}`;
    const isKeyInQuery = this.#options.apiKeyIn === 'query';
    return {
      method: endpoint.method,
      url: key !== undefined && isKeyInQuery ? `${url}?apikey=${encodeURIComponent(key)}` : url,
      headers: {
        ...(key !== undefined && !isKeyInQuery && { Authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
  }

  /** Loading ky loads Node's whole fetch, 15 MB or more: left until a call needs it, and never for another transport. */
  async #loadFetch(): Promise<FetchLike> {
    return this.#options.fetch ?? (await import('./ky-fetch.js')).kyFetch;
  }
}

function keyFault(key: unknown, isNeeded: boolean): Fault | undefined {
  if (key === '') {
    return isNeeded ? { code: 'api-key-missing', what: 'the call needs an API key, and there is none.' } : undefined;
  }
  return typeof key === 'string' && isSendableKey(key) ? undefined : { code: 'api-key-invalid', what: unsendableKey };
}

function assertBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`The option \`${name}\` must be true or false.`);
}
