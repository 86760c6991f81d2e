export {
  fleetStoreBehaviours,
  type FleetStoreBehaviour,
  type OpenedStore,
  type OpenStore,
} from './suite/fleet-store-behaviours.js';
