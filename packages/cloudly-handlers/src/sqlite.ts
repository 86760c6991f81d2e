export { backUpSqliteFleet, type SqliteBackup } from './sqlite/back-up.js';
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite/open-sqlite-store.js';
export { FleetStoreError, isFleetStoreError, type FleetStoreErrorCode } from './fleet-store-error.js';
