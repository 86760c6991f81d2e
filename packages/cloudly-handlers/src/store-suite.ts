export { fleetStoreBehaviours } from './suite/fleet-store-behaviours.js';
export { type Death, type FleetStoreBehaviour, type OpenedStore, type OpenStore } from './suite/behaviour.js';
