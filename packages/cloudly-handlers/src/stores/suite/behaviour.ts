import type { FleetStore } from '../../fleet/fleet-store.js';

/** A store to be examined, without nodes and join tokens. */
export interface OpenedStore {
  store: FleetStore;
  /** Opens the same data once more, as another process would. Left out by a store that lives in one process only. */
  openAgain?(this: void): Promise<OpenedStore>;
  /**
   * Opens the same data once more, as a process that dies in the middle of an operation: from then on all its operations
   * reject. For stores that carry an operation out in several steps; left out where each is one transaction.
   */
  openDoomed?(this: void, death: Death): Promise<OpenedStore>;
  close(this: void): Promise<void>;
}

/** When a process dies. A step is what the database carries out at once, such as reading or writing one document. */
export interface Death {
  /** Its first step is 0. */
  atStep: number;
  /** Whether the database still carries that step out, of which the process does not hear any more. */
  isCarriedOut: boolean;
}

/** Resolves with a new and empty store at every call. */
export type OpenStore = () => Promise<OpenedStore>;

/** One promise of {@link FleetStore}. `run` rejects with what was broken. */
export interface FleetStoreBehaviour {
  name: string;
  run(this: void, openStore: OpenStore): Promise<void>;
}

/** A behaviour of one store, which is closed whatever happens. */
export function behaviour(name: string, examine: (store: FleetStore) => Promise<void>): FleetStoreBehaviour {
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

/** A behaviour of two processes on the same data; holds by itself where there can be one only. */
export function sharedBehaviour(
  name: string,
  examine: (store: FleetStore, other: FleetStore) => Promise<void>,
): FleetStoreBehaviour {
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
