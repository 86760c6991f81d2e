import type { ReleaseOffer } from './controls/cloud-controls.js';
import type { LogLine } from './controls/log-controls.js';
import type { Fault, FaultLimits } from './transport/fault.js';
import type { CloudState } from './model/cloud.js';
import type { ListenOptions } from './transport/node-listener.js';
import type { Engine } from './model/model.js';
import type { RequestRecord } from './server/request-record.js';
import type { SupervisorState } from './views/supervisor-state.js';

/** An emulated Supervisor: two ways to reach it, and controls for what a real one gets from cloud, user and hardware. */
export interface Supervisor {
  /**
   * Answers a request without a socket. The host in its URL does not matter. It rejects with a TypeError as `fetch` does
   * where there is no answer: `cause.code` is `ECONNREFUSED` during a reboot, `ECONNRESET` at the fault `reset`.
   */
  fetch: (request: Request) => Promise<Response>;
  /** Answers on a socket until closed; gone during a reboot, then back on the same port. */
  listen(options?: ListenOptions): Promise<ListeningSupervisor>;

  /** The key of the first service of the first app, for `BALENA_SUPERVISOR_API_KEY`. */
  readonly apiKey: string;
  /** The Supervisor's own key, valid for every app. */
  readonly globalApiKey: string;
  /** The key of any service. Default: as `apiKey`. */
  apiKeyOf(service: { readonly appId?: number; readonly serviceName?: string }): string;
  /** Replaces `apiKey` and returns the new one; the old one is unauthorized at once. Default: a random key. */
  rotateApiKey(key?: string): string;

  /** What the device is at, now. */
  readonly state: SupervisorState;
  /** The last 1000 requests, oldest first. Neither keys nor queries nor bodies are kept. */
  readonly requests: readonly RequestRecord[];

  /** The cloud has a new release; `POST /v1/update` will install it. */
  releaseAvailable(release: ReleaseOffer): void;
  /**
   * While it is down the Supervisor learns of no release and of no tag, and 10 s later `GET /v1/healthy` is 500. A cloud that
   * answers with a status from 400 to 599 can be reached, and tells nothing either.
   * @throws TypeError on an unmanaged device, which has none.
   */
  setCloud(cloud: CloudState): void;
  /** Whether `POST /v1/update` is applied without `force`; if not, it is 202 `Accepted` and nothing happens. */
  setInstantUpdates(enabled: boolean): void;
  /** Local mode: no key is asked for, and the cloud's apps do not run. */
  setLocalMode(enabled: boolean): void;
  /** What `GET /v1/healthy` says. */
  setHealthy(healthy: boolean): void;

  /** A service takes the user's update lock of its app. Default: the first service of the first app. */
  lock(owner?: { readonly appId?: number; readonly serviceName?: string }): void;
  /** The update locks of an app are released, or that of one service. Default: those of the first app. */
  unlock(owner?: { readonly appId?: number; readonly serviceName?: string }): void;
  /**
   * Another operation of the Supervisor holds the locks of an app: actions that need them are answered 423 after 10 s,
   * an update, a restart or a purge waits. Default: the first app.
   */
  holdLocks(owner?: { readonly appId?: number }): void;
  /** The opposite of `holdLocks`. */
  releaseLocks(owner?: { readonly appId?: number }): void;

  /**
   * The container engine. Stopped: four GETs crash the Supervisor, which is then gone for `restartDurationMs`, other requests
   * fail. Hung: whatever needs it is not answered until it goes on.
   */
  setEngine(engine: Engine): void;
  /** The host OS is being updated: reboot and shutdown are refused unless forced. */
  setHostUpdate(underWay: boolean): void;
  /**
   * The Supervisor's process restarts: connections and streams are torn, and it is gone for `restartDurationMs`, in which a
   * relay says 502.
   */
  restartSupervisor(): void;

  /**
   * A service prints a line, or several. It comes with a carriage return at its end, as through the terminal that services
   * have on a device. Default: the first service that runs of the first app.
   */
  log(line: LogLine): void;

  /** How requests fail from now on: all of them, or those within the limits. */
  setFault(fault: Fault, limits?: FaultLimits): void;
  /** Ends a reboot or restart under way now, or switches a device on that was shut down; resolves when it answers. */
  finishReboot(): Promise<void>;
  /** Resolves when the device is up and answers: at once, or after the reboot or restart under way. */
  whenUp(): Promise<void>;
}

/** A Supervisor on a socket. */
export interface ListeningSupervisor {
  /** Such as `http://127.0.0.1:48484`. */
  address: string;
  /** Ends all connections and frees the port. */
  close: () => Promise<void>;
}
