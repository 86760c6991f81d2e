import type { Device, Vpn } from '../answers/device.js';
import type { ServiceContainer, StateStatus } from '../answers/state-status.js';
import type { UpdateReceipt } from '../answers/update-receipt.js';
import { appIdOf } from '../call/app-id.js';
import { appOf, type App } from './app.js';
import { appsOf, type Apps } from './apps.js';
import {
  assertBoolean,
  forceOf,
  type CallOptions,
  type ForceOptions,
  type UpdateOptions,
} from '../call/call-options.js';
import { Caller, type StreamOptions } from '../call/caller.js';
import { capabilitiesOfAnswer, type Capabilities } from './capabilities.js';
import { resolveOptions, type SupervisorClientOptions } from '../call/client-options.js';
import { endpoints } from '../endpoints/endpoints.js';
import { hostConfigOf, type HostConfigCalls } from './host-config.js';
import { localOf, type Local } from './local.js';
import { processEnvironment, readEnvironment, type Environment } from '../call/read-environment.js';
import { assertServiceName } from './service.js';
import { singleContainerAppOf, type SingleContainerApp } from './single-container-app.js';
import type { SupervisorAnswer, SupervisorRequest } from '../call/supervisor-request.js';
import { tagsOf, type Tags } from './tags.js';

/**
 * The HTTP API of the balena Supervisor on this device, as typed calls.
 *
 * Every call rejects with a {@link SupervisorError}. Exceptions: an invalid option is a TypeError, and an aborted call
 * rejects with the signal's reason. Calls that change something are sent one at a time, in the order in which you make
 * them, and are not retried once the Supervisor may have received them. Calls that only read do not wait for them.
 *
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export class SupervisorClient {
  /** Where the Supervisor listens, without a trailing slash. */
  readonly address: string;
  /** The apps of the device. */
  readonly apps: Apps;
  /** The tags of the device in the cloud. */
  readonly tags: Tags;
  /** The host's name and proxy. */
  readonly hostConfig: HostConfigCalls;
  /** Calls for tools that push to a device in local mode. */
  readonly local: Local;
  readonly #caller: Caller;
  readonly #appId: number | undefined;

  constructor(options: SupervisorClientOptions) {
    const resolved = resolveOptions(options);
    this.address = resolved.address;
    this.#appId = resolved.appId;
    this.#caller = new Caller(resolved);
    const { call } = this.#caller;
    this.apps = appsOf(call);
    this.tags = tagsOf(call);
    this.hostConfig = hostConfigOf(call);
    this.local = localOf(call);
  }

  /**
   * A client for the Supervisor of this device. It reads `BALENA_SUPERVISOR_ADDRESS`, `BALENA_SUPERVISOR_API_KEY` and
   * `BALENA_APP_ID` (or `RESIN_...`, their names before 7.23).
   *
   * @param environment the variables. @default process.env
   * @param options all other options; `withoutKey: true` ignores the key in the environment, and `appId` overrides its app.
   * @throws SupervisorError `not-configured` without a usable address, `api-key-invalid` if the key cannot be sent. A
   * missing key or app ID is only reported by a call that needs it.
   */
  static fromEnv(
    environment: Environment = processEnvironment(),
    options: Omit<SupervisorClientOptions, 'address' | 'apiKey'> = {},
  ): SupervisorClient {
    const { address, apiKey, appId } = readEnvironment(environment);
    return new SupervisorClient({
      ...options,
      address,
      apiKey: options.withoutKey === true ? undefined : apiKey,
      appId: options.appId ?? appId,
    });
  }

  /** Resolves if the Supervisor answers. It answers even if the container engine hangs. `GET /ping` */
  async ping(options: CallOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.ping, options);
  }

  /**
   * Whether the Supervisor's own checks pass. They fail about ten seconds after the connection to the cloud is lost, but
   * pass while the container engine hangs. `GET /v1/healthy`, since 6.5
   */
  async isHealthy(options: CallOptions = {}): Promise<boolean> {
    return this.#caller.call(endpoints.healthy, options);
  }

  /** The Supervisor's version, as in `19.0.5`. `GET /v2/version`, since 7.21 */
  async version(options: CallOptions = {}): Promise<string> {
    return this.#caller.call(endpoints.version, options);
  }

  /** What this Supervisor can do, by its `version()`, which each call reads again. Since 7.21 */
  async capabilities(options: CallOptions = {}): Promise<Capabilities> {
    return capabilitiesOfAnswer(await this.version(options));
  }

  /** The device, its addresses and the status of its update. `GET /v1/device`, since 1.6 */
  async device(options: CallOptions = {}): Promise<Device> {
    return this.#caller.call(endpoints.device, options);
  }

  /** The device's name, as in the dashboard. `GET /v2/device/name`, since 9.11 */
  async deviceName(options: CallOptions = {}): Promise<string> {
    return this.#caller.call(endpoints.deviceName, options);
  }

  /** Whether the device's VPN to the cloud is enabled, and whether it is connected. `GET /v2/device/vpn`, since 11.4 */
  async vpn(options: CallOptions = {}): Promise<Vpn> {
    return this.#caller.call(endpoints.vpn, options);
  }

  /**
   * The containers and images of the first app (before 12.2 of all apps), and the progress of its release. `GET /v2/state/status`,
   * since 9.7
   */
  async stateStatus(options: CallOptions = {}): Promise<StateStatus> {
    return this.#caller.call(endpoints.stateStatus, options);
  }

  /**
   * The container of each service that the key gives access to. If two apps have a service with the same name, only one of
   * them is listed.
   * `GET /v2/containerId`, since 8.6
   */
  async containers(options: CallOptions = {}): Promise<ServiceContainer[]> {
    return this.#caller.call(endpoints.containers, options);
  }

  /** The ID of a service's container. Rejects with `not-found` if there is none. `GET /v2/containerId`, since 8.6 */
  async containerId(serviceName: string, options: CallOptions = {}): Promise<string> {
    assertServiceName(serviceName);
    return this.#caller.call(endpoints.containerId, options, { query: { serviceName } });
  }

  /** Asks the Supervisor to look for a new release and to apply it. `POST /v1/update`, since 1.1 */
  async update(options: UpdateOptions = {}): Promise<UpdateReceipt> {
    const { force } = forceOf(options);
    const { cancel = force } = options;
    assertBoolean('cancel', cancel);
    return this.#caller.call(endpoints.update, options, { body: { force, cancel } });
  }

  /**
   * Reboots the device. Resolves when the Supervisor has accepted the request; it then closes its API. Rejects with `locked`
   * while a service holds an update lock or the host OS is being updated. `POST /v1/reboot`, since 1.1
   */
  async reboot(options: ForceOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.reboot, options, { body: forceOf(options) });
  }

  /**
   * Shuts the device down, under the same conditions as `reboot`. **Only power starts it again.** `POST /v1/shutdown`, since 1.1
   */
  async shutdown(options: ForceOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.shutdown, options, { body: forceOf(options) });
  }

  /** Blinks the device's LED for 15 seconds, to find the device. `POST /v1/blink`, since 1.1 */
  async blink(options: CallOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.blink, options);
  }

  /** Deletes unused volumes of the apps that the key gives access to. `GET /v2/cleanup-volumes`, since 10.0 */
  async cleanUpVolumes(options: CallOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.cleanUpVolumes, options);
  }

  /**
   * Replaces the key of this client and resolves with the new one. The old key is invalid immediately. This client then
   * uses the new key, unless its key comes from a function. The Supervisor recreates the containers that have the old key,
   * possibly including the caller's own. `POST /v1/regenerate-api-key`, since 1.1
   */
  async regenerateApiKey(options: CallOptions = {}): Promise<string> {
    const { call, key } = this.#caller;
    return call(endpoints.regenerateApiKey, options, { onSuccess: (newKey) => key.replace(newKey) });
  }

  /**
   * An app with any number of services, by its ID. @default the client's app, as in `BALENA_APP_ID`
   *
   * @throws SupervisorError `not-configured` if there is no ID
   */
  app(appId?: number): App {
    return appOf(this.#caller.call, appIdOf(appId, this.#appId));
  }

  /**
   * An app with one service, through version 1 of the API: for Supervisors before 7, and to read the environment of the
   * container. @default the client's app, as in `BALENA_APP_ID`
   *
   * @throws SupervisorError `not-configured` if there is no ID
   */
  singleContainerApp(appId?: number): SingleContainerApp {
    return singleContainerAppOf(this.#caller.call, appIdOf(appId, this.#appId));
  }

  /**
   * Sends a request to an endpoint for which this client has no call, with the key, deadlines, retries and errors of every
   * other call. Resolves with any successful answer (2xx), unprocessed.
   */
  async request(request: SupervisorRequest, options: CallOptions = {}): Promise<SupervisorAnswer> {
    return this.#caller.request(request, options);
  }

  /**
   * Opens a stream and resolves, once the status is 200, with its bytes as they arrive. It has one reader, and reads no
   * faster than that reader asks. Leaving the loop or aborting `signal` closes the connection. If the connection fails, the
   * reader gets a SupervisorError `unreachable`. The request is not retried, and does not wait for other calls.
   */
  async stream(request: SupervisorRequest, options: StreamOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    return this.#caller.stream(request, options);
  }
}
