export { SupervisorClient } from './supervisor-client.js';
export type { CallOptions, RebootOptions, UpdateOptions } from './supervisor-client.js';
export type { SupervisorClientOptions } from './client-options.js';
export type { Environment } from './read-environment.js';
export type { FetchLike } from './fetch-like.js';
export { SupervisorError, isSupervisorError } from './supervisor-error.js';
export type { SupervisorErrorCode, SupervisorErrorDetails, SupervisorLock } from './supervisor-error.js';
export type { ContainerStatus, Device, ImageStatus, OpenEnum, StateStatus, UpdateReceipt } from './answers.js';
