export { SupervisorClient } from './client/supervisor-client.js';
export type { SupervisorClientOptions } from './call/client-options.js';
export type { RetryOptions } from './call/retry.js';
export type { CallOptions, ForceOptions, UpdateOptions } from './call/call-options.js';
export type { StreamOptions } from './call/caller.js';
export type { SupervisorAnswer, SupervisorRequest } from './call/supervisor-request.js';
export type { Environment } from './call/read-environment.js';
export type { FetchLike } from './transport/fetch-like.js';
export { SupervisorError, isSupervisorError } from './errors/supervisor-error.js';
export type { SupervisorErrorCode, SupervisorErrorDetails, SupervisorLock } from './errors/supervisor-error.js';
export { waitForUpdate } from './wait-for-update/wait-for-update.js';
export type { UpdateWaitClock, WaitForUpdateOptions } from './wait-for-update/wait-for-update.js';
export type { UpdateOutcome, UpdateProgress } from './wait-for-update/update-wait.js';
export type { UpdateFailure } from './wait-for-update/read-sample.js';
export { capabilitiesOf } from './client/capabilities.js';
export type { Capabilities } from './client/capabilities.js';

export type { App } from './client/app.js';
export type { Service, ServiceSelector } from './client/service.js';
export type { SingleContainerApp } from './client/single-container-app.js';
export type { Apps } from './client/apps.js';
export type { Tags } from './client/tags.js';
export type {
  HostConfigCalls,
  HostConfigChange,
  HostConfigChangeOptions,
  HostProxyChange,
} from './client/host-config.js';
export type { Local } from './client/local.js';

export type { OpenEnum } from './answers/open-enum.js';
export type { Device, DeviceTag, Vpn } from './answers/device.js';
export type { ContainerStatus, ImageStatus, ServiceContainer, StateStatus } from './answers/state-status.js';
export type { AppImage, AppProgress, AppService, AppState, ServiceState } from './answers/app-state.js';
export type { ContainerReceipt, SingleContainer } from './answers/single-container.js';
export type { HostConfig, HostProxy, ProxyType } from './answers/host-config.js';
export type { LocalDeviceInfo, LocalTargetState } from './answers/local.js';
export type { UpdateReceipt } from './answers/update-receipt.js';
