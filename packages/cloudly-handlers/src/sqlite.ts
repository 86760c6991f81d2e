export { backUpSqliteFleet, type SqliteBackup } from './stores/sqlite/back-up.js';
export { openSqliteStore, type SqliteStoreOptions } from './stores/sqlite/open-sqlite-store.js';
export type { SqliteStore } from './stores/sqlite/sqlite-store.js';
export {
  FleetStoreError,
  isFleetStoreError,
  type FleetStoreErrorCode,
  type FleetStoreErrorOptions,
} from './fleet/fleet-store-error.js';
