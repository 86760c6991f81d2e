export { backUpSqliteFleet, type SqliteBackup } from './stores/sqlite/back-up.js';
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from './stores/sqlite/open-sqlite-store.js';
export {
  FleetStoreError,
  isFleetStoreError,
  type FleetStoreErrorCode,
  type FleetStoreErrorOptions,
} from './fleet/fleet-store-error.js';
