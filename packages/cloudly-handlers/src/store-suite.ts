export { fleetStoreBehaviours } from './stores/suite/fleet-store-behaviours.js';
export { type Death, type FleetStoreBehaviour, type OpenedStore, type OpenStore } from './stores/suite/behaviour.js';
