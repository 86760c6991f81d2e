export { nodeStoreBehaviours } from './stores/suite/node-store-behaviours.js';
export { type Death, type NodeStoreBehaviour, type OpenedStore, type OpenStore } from './stores/suite/behaviour.js';
