import type { ReleaseOffer } from './controls/release-offer.js';
import type { HostReboot, SupervisorDeath } from './controls/device-controls.js';
import type { LogLine } from './controls/log-controls.js';
import type { Fault, FaultLimits } from './transport/fault.js';
import type { CloudState } from './model/cloud.js';
import type { ListenOptions } from './transport/node-listener.js';
import type { Engine } from './model/model.js';
import type { RequestRecord } from './server/request-record.js';
import type { SupervisorState } from './views/supervisor-state.js';

/** An emulated Supervisor: two ways to call it, and controls for the events that come from cloud, user and hardware. */
export interface Supervisor {
  /**
   * Answers a request without a socket. The host in its URL does not matter. It rejects with a TypeError as `fetch` does
   * if there is no answer: `cause.code` is `ECONNREFUSED` during a reboot, `ECONNRESET` at the fault `reset`.
   */
  fetch: (request: Request) => Promise<Response>;
  /** Answers on a socket until closed. It is away during a reboot, and then back on the same port. */
  listen(options?: ListenOptions): Promise<ListeningSupervisor>;

  /** The key of the first service of the first app, for `BALENA_SUPERVISOR_API_KEY`. */
  apiKey: string;
  /** The Supervisor's own key, valid for every app. */
  globalApiKey: string;
  /** The key of any service. Default: as `apiKey`. */
  apiKeyOf(service: { appId?: number; serviceName?: string }): string;
  /** Replaces `apiKey` and returns the new one; the old one is unauthorized at once. Default: a random key. */
  rotateApiKey(key?: string): string;

  /** The current state of the device. */
  state: SupervisorState;
  /** The last 1000 requests, oldest first, without keys, queries and bodies. */
  requests: readonly RequestRecord[];

  /**
   * Offers a release in the cloud. The Supervisor learns of it by `POST /v1/update` or by `pollCloud()`, downloads it and
   * installs it, unless an update lock holds it.
   */
  releaseAvailable(release: ReleaseOffer): void;
  /**
   * Gives the device other configuration variables in the cloud, all of them, such as `RESIN_HOST_CONFIG_gpu_mem`. Like a
   * release, they are applied when the Supervisor learns of them: boot files are written at once, and a reboot needs the locks.
   */
  configAvailable(config: Readonly<Record<string, string>>): void;
  /** The Supervisor asks the cloud by itself, as it does every 10 to 15 minutes. A back-off goes on. */
  pollCloud(): void;
  /**
   * While it is down, the Supervisor gets no releases and no tags, and after 10 s `GET /v1/healthy` returns 500. A cloud that
   * answers with a status from 400 to 599 is reachable, but provides neither.
   * @throws TypeError on an unmanaged device, which has no cloud.
   */
  setCloud(cloud: CloudState): void;
  /** Whether `POST /v1/update` is applied without `force`. If not, it returns 202 `Accepted` and has no effect. */
  setInstantUpdates(enabled: boolean): void;
  /** Local mode: no key is needed, and the apps of the cloud do not run. */
  setLocalMode(enabled: boolean): void;
  /** The result of `GET /v1/healthy`. */
  setHealthy(healthy: boolean): void;

  /** Takes the user's update lock of an app for a service. Default: the first service of the first app. */
  lock(owner?: { appId?: number; serviceName?: string }): void;
  /** Releases all update locks of an app, or the lock of one service. Default: all locks of the first app. */
  unlock(owner?: { appId?: number; serviceName?: string }): void;
  /**
   * Makes another operation of the Supervisor hold the locks of an app: actions that need them return 423 after 10 s, and
   * an update, a restart or a purge waits. Default: the first app.
   */
  holdLocks(owner?: { appId?: number }): void;
  /** The opposite of `holdLocks`. */
  releaseLocks(owner?: { appId?: number }): void;

  /**
   * Sets the container engine. Stopped: four GETs crash the Supervisor, which is then away for `restartDurationMs`; other requests
   * fail. Hung: requests that need it are not answered until it continues.
   */
  setEngine(engine: Engine): void;
  /** Sets whether the host OS is being updated. Meanwhile reboot and shutdown are rejected unless forced. */
  setHostUpdate(underWay: boolean): void;
  /**
   * Restarts the Supervisor's process. Connections and streams are interrupted, and it is away for `restartDurationMs`; a
   * relay returns 502 meanwhile.
   */
  restartSupervisor(): void;
  /**
   * Kills the Supervisor's process, as `kill -9` or a crash does. Locks that it held stay as files, the engine does what it
   * was told, and nothing else happens until the Supervisor is started again.
   */
  killSupervisor(death?: SupervisorDeath): void;
  /**
   * Reboots the host, as a power cut does: no lock prevents it. The engine starts the containers, then the Supervisor starts
   * and takes the first update lock within a second.
   */
  rebootHost(reboot?: HostReboot): void;

  /**
   * Makes a service print one or several lines. Each ends with a carriage return, because services print to a terminal on
   * a device. Default: the first running service of the first app.
   */
  log(line: LogLine): void;

  /** Makes requests fail from now on: all of them, or those within the limits. */
  setFault(fault: Fault, limits?: FaultLimits): void;
  /** Ends a reboot or restart at once, or switches on a device that was shut down. Resolves when it answers. */
  finishReboot(): Promise<void>;
  /** Resolves when the device answers: at once, or after the reboot or restart in progress. */
  whenUp(): Promise<void>;
  /**
   * Resolves with the first state that the condition holds for: the present one, or a later one as soon as it comes about.
   * On a clock that cannot sleep, the emulated time jumps to it. With locks as files, the files are looked at ten times a
   * second meanwhile.
   * @throws the reason of the signal when that aborts first
   */
  until(condition: (state: SupervisorState) => boolean, signal?: AbortSignal): Promise<SupervisorState>;
  /** The folder in which the lock of a service is a file; undefined without `lockFiles`. Default: as `apiKey`. */
  lockFolder(service?: { appId?: number; serviceName?: string }): string | undefined;
}

/** A Supervisor on a socket. */
export interface ListeningSupervisor {
  /** Such as `http://127.0.0.1:48484`. */
  address: string;
  /** Ends all connections and frees the port. */
  close: () => Promise<void>;
}
