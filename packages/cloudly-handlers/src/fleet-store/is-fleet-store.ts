import type { NodeStore } from '../fleet/node-store.js';
import type { FleetStore } from './fleet-store.js';

/** Whether a store serves operators, too. */
export function isFleetStore(store: NodeStore): store is FleetStore {
  return 'as' in store && 'sweep' in store;
}
