import type { NodeStore } from '../../fleet/node-store.js';
import type { NodeStoreBehaviour } from './behaviour.js';
import { callsOf } from './race-calls.js';
import { races } from './races.js';
import { runRace } from './race.js';
import { seededRandom } from './seeded-random.js';

/** Enough to find a fault that shows in every tenth race. */
const ROUNDS = 30;

/** Simultaneous operations must look as if they were made one after the other, in one process and in two. */
export const raceBehaviours: readonly NodeStoreBehaviour[] = Object.entries(races).map(([name, kinds]) => ({
  name: `treats ${name} as if they were made one after the other`,
  async run(openStore) {
    const { store, openAgain, close } = await openStore();
    try {
      const other = await openAgain?.();
      try {
        const stores: NodeStore[] = other ? [store, other.store] : [store];
        for (let round = 0; round < ROUNDS; round += 1) {
          const random = seededRandom(round);
          const race = kinds[round % kinds.length]?.(callsOf(`r${round}`), random);
          if (race) await runRace(stores, race, { random });
        }
      } finally {
        await other?.close();
      }
    } finally {
      await close();
    }
  },
}));
