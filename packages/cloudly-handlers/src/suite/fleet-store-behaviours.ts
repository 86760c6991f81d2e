import type { FleetStore } from '../fleet-store.js';

/** A store to be examined, without nodes and join tokens. */
export interface OpenedStore {
  store: FleetStore;
  /** Opens the same data once more, as another process would. Left out by a store that lives in one process only. */
  openAgain?(): Promise<OpenedStore>;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** One promise of {@link FleetStore}. `run` rejects with what was broken. */
export interface FleetStoreBehaviour {
  name: string;
  run(openStore: OpenStore): Promise<void>;
}

/** Every promise of {@link FleetStore}, for any test framework: `for (const { name, run } of fleetStoreBehaviours) test(name, () => run(openStore))`. */
export const fleetStoreBehaviours: readonly FleetStoreBehaviour[] = [];
