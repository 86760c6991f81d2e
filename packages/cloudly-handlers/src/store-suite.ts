export { nodeStoreBehaviours } from './stores/suite/node-store-behaviours.js';
export { fleetStoreBehaviours } from './stores/suite/fleet/fleet-store-behaviours.js';
export {
  accountStoreBehaviours,
  type AccountStoreBehaviour,
} from './stores/suite/accounts/account-store-behaviours.js';
export type {
  Death,
  FleetStoreBehaviour,
  NodeStoreBehaviour,
  OpenedStore,
  OpenStore,
  StoreBehaviour,
} from './stores/suite/behaviour.js';
