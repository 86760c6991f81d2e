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
 * Every call rejects with a {@link SupervisorError}, except that a wrong option is a TypeError and an abort the reason of
 * the caller's signal. Calls that change something are sent one after the other, in the order in which they were made, and
 * none is sent again that may have been received. The others pass them by.
 *
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export class SupervisorClient {
  /** Where the Supervisor listens, without a slash at its end. */
  readonly address: string;
  /** The apps of the device. */
  readonly apps: Apps;
  /** The tags of the device in the cloud. */
  readonly tags: Tags;
  /** The host's name and proxy. */
  readonly hostConfig: HostConfigCalls;
  /** For tools that push to a device in local mode. */
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
   * A client for the Supervisor of the device this container runs on, by `BALENA_SUPERVISOR_ADDRESS`,
   * `BALENA_SUPERVISOR_API_KEY` and `BALENA_APP_ID` (or `RESIN_...`, as they were called before 7.23).
   *
   * @param environment where the variables stand. @default process.env
   * @param options all else; `withoutKey: true` leaves the key of the environment out, and `appId` wins over its app.
   * @throws SupervisorError `not-configured` without a usable address, `api-key-invalid` with a key that cannot be sent.
   * A missing key, or a missing app, shows when a call needs it.
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

  /** Resolves if the Supervisor answers. It says so even while the container engine hangs. `GET /ping` */
  async ping(options: CallOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.ping, options);
  }

  /**
   * Whether the Supervisor's own checks pass. They fail some ten seconds after the cloud was lost, and pass while the
   * container engine hangs. `GET /v1/healthy`, since 6.5
   */
  async isHealthy(options: CallOptions = {}): Promise<boolean> {
    return this.#caller.call(endpoints.healthy, options);
  }

  /** The Supervisor's version, as in `19.0.5`. `GET /v2/version`, since 7.21 */
  async version(options: CallOptions = {}): Promise<string> {
    return this.#caller.call(endpoints.version, options);
  }

  /** What this Supervisor can, by its `version()`, which is asked for at each call. Since 7.21 */
  async capabilities(options: CallOptions = {}): Promise<Capabilities> {
    return capabilitiesOfAnswer(await this.version(options));
  }

  /** The device, its addresses and how its update stands. `GET /v1/device`, since 1.6 */
  async device(options: CallOptions = {}): Promise<Device> {
    return this.#caller.call(endpoints.device, options);
  }

  /** The device's name, as in the dashboard. `GET /v2/device/name`, since 9.11 */
  async deviceName(options: CallOptions = {}): Promise<string> {
    return this.#caller.call(endpoints.deviceName, options);
  }

  /** Whether the device's VPN to the cloud is wanted, and whether it stands. `GET /v2/device/vpn`, since 11.4 */
  async vpn(options: CallOptions = {}): Promise<Vpn> {
    return this.#caller.call(endpoints.vpn, options);
  }

  /**
   * Containers and images of the first app (before 12.2 of all), and how far its release is. `GET /v2/state/status`,
   * since 9.7
   */
  async stateStatus(options: CallOptions = {}): Promise<StateStatus> {
    return this.#caller.call(endpoints.stateStatus, options);
  }

  /**
   * The container of each service that the key reaches. Of services with the same name, in two apps, only one is there.
   * `GET /v2/containerId`, since 8.6
   */
  async containers(options: CallOptions = {}): Promise<ServiceContainer[]> {
    return this.#caller.call(endpoints.containers, options);
  }

  /** The ID of a service's container; rejects with `not-found` without one. `GET /v2/containerId`, since 8.6 */
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
   * Reboots the device. Resolves when the Supervisor has agreed; it closes its API at once. Rejects with `locked` while
   * a service holds an update lock or the host OS is updated. `POST /v1/reboot`, since 1.1
   */
  async reboot(options: ForceOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.reboot, options, { body: forceOf(options) });
  }

  /**
   * Shuts the device down, as `reboot` does: **nothing but power starts it again**. `POST /v1/shutdown`, since 1.1
   */
  async shutdown(options: ForceOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.shutdown, options, { body: forceOf(options) });
  }

  /** Blinks the device's LED for 15 seconds, so that one finds it. `POST /v1/blink`, since 1.1 */
  async blink(options: CallOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.blink, options);
  }

  /** Deletes volumes that no app uses any more, of the apps that the key reaches. `GET /v2/cleanup-volumes`, since 10.0 */
  async cleanUpVolumes(options: CallOptions = {}): Promise<void> {
    return this.#caller.call(endpoints.cleanUpVolumes, options);
  }

  /**
   * Replaces the key that the call is made with, and resolves with the new one. The old one is void at once: this client
   * goes on with the new one, unless its key comes from a function. The Supervisor creates the containers anew that have
   * the old one, which may be the caller's own. `POST /v1/regenerate-api-key`, since 1.1
   */
  async regenerateApiKey(options: CallOptions = {}): Promise<string> {
    const { call, key } = this.#caller;
    return call(endpoints.regenerateApiKey, options, { onSuccess: (newKey) => key.replace(newKey) });
  }

  /**
   * An app with any number of services, by its ID. @default the client's own, as in `BALENA_APP_ID`
   *
   * @throws SupervisorError `not-configured` if no ID is known
   */
  app(appId?: number): App {
    return appOf(this.#caller.call, appIdOf(appId, this.#appId));
  }

  /**
   * An app with one service, by the first version of the API: for Supervisors before 7, and for the environment of the
   * container. @default the client's own, as in `BALENA_APP_ID`
   *
   * @throws SupervisorError `not-configured` if no ID is known
   */
  singleContainerApp(appId?: number): SingleContainerApp {
    return singleContainerAppOf(this.#caller.call, appIdOf(appId, this.#appId));
  }

  /**
   * Sends a request to an endpoint that this client has no call for, with the key, deadlines, retries and errors of every
   * other call. Resolves with any answer of success (2xx), as it is.
   */
  async request(request: SupervisorRequest, options: CallOptions = {}): Promise<SupervisorAnswer> {
    return this.#caller.request(request, options);
  }

  /**
   * Opens an answer that goes on, and resolves with its bytes as they arrive, once there is a 200. They are for one reader,
   * who reads no faster than he asks. Leaving the loop or aborting `signal` closes the connection; if that breaks, the
   * reader gets a SupervisorError `unreachable`. It is not sent again, and waits for no other call.
   */
  async stream(request: SupervisorRequest, options: StreamOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    return this.#caller.stream(request, options);
  }
}
