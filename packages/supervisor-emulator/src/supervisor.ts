import type { Fault } from './fault.js';
import type { ListenOptions } from './node-listener.js';
import type { SupervisorState } from './supervisor-state.js';

/** An emulated Supervisor: two ways to reach it, and controls for what a real one gets from cloud, user and hardware. */
export interface Supervisor {
  /**
   * Answers a request without a socket. The host in its URL does not matter. It rejects with a TypeError as `fetch` does
   * where there is no answer: `cause.code` is `ECONNREFUSED` during a reboot, `ECONNRESET` at the fault `reset`.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Answers on a socket until closed; gone during a reboot, then back on the same port. */
  listen(options?: ListenOptions): Promise<ListeningSupervisor>;

  /** The key of a service of the first app, for `BALENA_SUPERVISOR_API_KEY`. */
  readonly apiKey: string;
  /** The Supervisor's own key, valid for every app. */
  readonly globalApiKey: string;
  /** Replaces `apiKey` and returns the new one; the old one is unauthorized at once. Default: a random key. */
  rotateApiKey(key?: string): string;

  /** What the device is at, now. */
  readonly state: SupervisorState;
  /** The last 1000 requests, oldest first. Neither keys nor queries nor bodies are kept. */
  readonly requests: readonly RequestRecord[];

  /** The cloud has a new release; `POST /v1/update` will install it. */
  releaseAvailable(release: ReleaseOffer): void;
  /** A service takes the user's update lock of its app. Default: the first service of the first app. */
  lock(owner?: { readonly appId?: number; readonly serviceName?: string }): void;
  /** The update lock is released. Default: that of the first app. */
  unlock(owner?: { readonly appId?: number }): void;
  setInstantUpdates(enabled: boolean): void;
  setLocalMode(enabled: boolean): void;
  /** What `GET /v1/healthy` says. */
  setHealthy(healthy: boolean): void;
  /** How requests fail from now on. */
  setFault(fault: Fault): void;
  /** Ends a reboot under way now; resolves when the device answers again, also if there was none. */
  finishReboot(): Promise<void>;
  /** Resolves when the device is up and answers: at once, or after the reboot under way. */
  whenUp(): Promise<void>;
}

export interface ReleaseOffer {
  readonly commit: string;
  /** @default that of the first app */
  readonly appId?: number;
  /**
   * The image ID of its first service; the others count up. `/v1/device` shows the service with the lowest image ID, so a
   * download shows there only if this is lower than the ID of the running one.
   * @default one more than the highest so far
   */
  readonly firstImageId?: number;
}

export interface RequestRecord {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Whether it showed a valid key. */
  readonly authenticated: boolean;
}

export interface ListeningSupervisor {
  /** Such as `http://127.0.0.1:48484`. */
  readonly address: string;
  /** Ends all connections and frees the port. */
  readonly close: () => Promise<void>;
}
