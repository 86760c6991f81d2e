export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres/open-postgres-store.js';
export { describePostgresUrl } from './postgres/connection-string.js';
export { type PostgresProblem, postgresProblemOf } from './postgres/postgres-problem.js';
export { FleetStoreError, isFleetStoreError, type FleetStoreErrorCode } from './fleet-store-error.js';
