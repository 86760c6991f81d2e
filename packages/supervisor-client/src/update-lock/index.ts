export { acquireLock } from './acquire-lock.js';
export type { UpdateLock, UpdateLockOptions } from './acquire-lock.js';
export { withLock } from './with-lock.js';
export { findLifeSign } from './find-life-sign.js';
export type { LifeSign, LifeSignConnection } from './find-life-sign.js';
export { UpdateLockError, isUpdateLockError } from './update-lock-error.js';
export type { UpdateLockErrorCode, UpdateLockHolder } from './update-lock-error.js';
