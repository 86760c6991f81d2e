export {
  openPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from './stores/postgres/open-postgres-store.js';
export { describePostgresUrl } from './stores/postgres/connection-string.js';
export { type PostgresProblem, postgresProblemOf } from './stores/postgres/postgres-problem.js';
export { FleetStoreError, isFleetStoreError, type FleetStoreErrorCode } from './fleet/fleet-store-error.js';
