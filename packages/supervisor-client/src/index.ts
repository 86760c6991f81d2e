export { SupervisorClient } from './supervisor-client.js';
export type { SupervisorClientOptions } from './client-options.js';
export type { RetryOptions } from './retry.js';
export type { CallOptions, ForceOptions, UpdateOptions } from './call-options.js';
export type { StreamOptions } from './caller.js';
export type { SupervisorAnswer, SupervisorRequest } from './supervisor-request.js';
export type { Environment } from './read-environment.js';
export type { FetchLike } from './fetch-like.js';
export { SupervisorError, isSupervisorError } from './supervisor-error.js';
export type { SupervisorErrorCode, SupervisorErrorDetails, SupervisorLock } from './supervisor-error.js';
export { capabilitiesOf } from './capabilities.js';
export type { Capabilities } from './capabilities.js';

export type { App } from './app.js';
export type { Service, ServiceSelector } from './service.js';
export type { SingleContainerApp } from './single-container-app.js';
export type { Apps } from './apps.js';
export type { Tags } from './tags.js';
export type { HostConfigCalls, HostConfigChange, HostProxyChange } from './host-config.js';
export type { Local } from './local.js';

export type { OpenEnum } from './answers/open-enum.js';
export type { Device, DeviceTag, Vpn } from './answers/device.js';
export type { ContainerStatus, ImageStatus, ServiceContainer, StateStatus } from './answers/state-status.js';
export type { AppImage, AppProgress, AppService, AppState, ServiceState } from './answers/app-state.js';
export type { ContainerReceipt, SingleContainer } from './answers/single-container.js';
export type { HostConfig, HostProxy, ProxyType } from './answers/host-config.js';
export type { LocalDeviceInfo, LocalTargetState } from './answers/local.js';
export type { UpdateReceipt } from './answers/update-receipt.js';
