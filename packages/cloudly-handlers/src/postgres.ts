export {
  openPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from './stores/postgres/open-postgres-store.js';
export { describePostgresUrl } from './stores/postgres/driver/connection-string.js';
export { type PostgresProblem, postgresProblemOf } from './stores/postgres/driver/postgres-problem.js';
export {
  FleetStoreError,
  isFleetStoreError,
  type FleetStoreErrorCode,
  type FleetStoreErrorOptions,
} from './fleet/fleet-store-error.js';
