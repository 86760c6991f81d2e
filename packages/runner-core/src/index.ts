export type { RunnerConfig } from './config/runner-config.js';
export type { Identity } from './identity/identity.js';
export type { IdentityStore } from './identity/identity-store.js';
export { silentLogger, type Logger } from './logger.js';
export type { Clock } from './ports/clock.js';
export type { Randomness } from './ports/randomness.js';
export { Secret } from './secret.js';
export type { RunnerStatus } from './status/runner-status.js';
