export { createSupervisor } from './create-supervisor.js';
export type { ListeningSupervisor, ReleaseOffer, RequestRecord, Supervisor } from './supervisor.js';
export type { AppOptions, Clock, SupervisorOptions } from './supervisor-options.js';
export type { ListenOptions } from './node-listener.js';
export type { Fault } from './fault.js';
export type { AppState, ContainerState, SupervisorState, UpdateState } from './supervisor-state.js';
export type { ContainerView, ImageView } from './app-view.js';
