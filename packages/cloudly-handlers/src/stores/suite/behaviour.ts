import type { FleetStore } from '../../fleet-store/fleet-store.js';
import type { NodeStore } from '../../fleet/node-store.js';

/** An empty store to examine. */
export interface OpenedStore<Store extends NodeStore = NodeStore> {
  store: Store;
  /** Opens the same data once more, as another process would. Leave it out if a store lives in one process only. */
  openAgain?(this: void): Promise<OpenedStore<Store>>;
  /**
   * Opens the same data once more, as a process that dies in the middle of an operation: from then on all its operations
   * reject. For stores whose operations take several steps. Leave it out if each operation is one transaction.
   */
  openDoomed?(this: void, death: Death): Promise<OpenedStore<Store>>;
  close(this: void): Promise<void>;
}

/** When a process dies. A step is what the database does at once, such as reading or writing one document. */
export interface Death {
  /** Its first step is 0. */
  atStep: number;
  /** Whether the database still completes that step, without an answer to the process. */
  isCarriedOut: boolean;
}

/** Resolves with a new, empty store on every call. */
export type OpenStore<Store extends NodeStore = NodeStore> = () => Promise<OpenedStore<Store>>;

/** One promise of a store. `run` rejects with an error that says what was broken. */
export interface StoreBehaviour<Store extends NodeStore> {
  name: string;
  run(this: void, openStore: OpenStore<Store>): Promise<void>;
}

/** One promise of {@link NodeStore}. */
export type NodeStoreBehaviour = StoreBehaviour<NodeStore>;

/** One promise of {@link FleetStore}. */
export type FleetStoreBehaviour = StoreBehaviour<FleetStore>;

/** A behaviour of one store, which is always closed. */
export function behaviour<Store extends NodeStore = NodeStore>(
  name: string,
  examine: (store: Store) => Promise<void>,
): StoreBehaviour<Store> {
  return {
    name,
    async run(openStore) {
      const { store, close } = await openStore();
      try {
        await examine(store);
      } finally {
        await close();
      }
    },
  };
}

/** A behaviour of two processes on the same data. It passes if there can be only one. */
export function sharedBehaviour<Store extends NodeStore = NodeStore>(
  name: string,
  examine: (store: Store, other: Store) => Promise<void>,
): StoreBehaviour<Store> {
  return {
    name,
    async run(openStore) {
      const { store, openAgain, close } = await openStore();
      try {
        if (!openAgain) return;
        const other = await openAgain();
        try {
          await examine(store, other.store);
        } finally {
          await other.close();
        }
      } finally {
        await close();
      }
    },
  };
}
