import type { NodeStore } from '../../fleet/node-store.js';
import { type Call, findOrder, type MadeCall, outcomeOf } from './find-order.js';

/** Calls that are made at once. Some order of them must explain their outcomes. */
export interface Race {
  setUp(this: void, store: NodeStore): Promise<void>;
  /** Each makes its calls one after the other. */
  contenders: readonly (readonly Call[])[];
  /** Made one after the other when all contenders are done, to show the data at the end. */
  afterwards: readonly Call[];
}

/** The maximum number of other operations before the first call of a contender. */
const HEAD_START_MAX = 8;

interface RaceOptions {
  random: () => number;
  /** The store of the first contender. Its calls that reject have taken place or not. */
  doomed?: NodeStore | undefined;
}

/**
 * Runs a race on stores of the same data. The contenders start at random times, measured in reads of the store, so they meet
 * in the middle of each other's operations, however fast the store is.
 *
 * @returns whether a process died in it.
 * @throws Error with all calls and their outcomes, if no order explains these.
 */
export async function runRace(
  stores: readonly NodeStore[],
  { setUp, contenders, afterwards }: Race,
  { random, doomed }: RaceOptions,
): Promise<boolean> {
  const [first] = stores;
  if (!first) throw new TypeError('A race needs a store');
  await setUp(first);

  const made: MadeCall[] = [];
  let instant = 0;
  const make = async (call: Call, store: NodeStore): Promise<void> => {
    const startedAt = (instant += 1);
    const outcome = await outcomeOf(call, store);
    const isDead = store === doomed && 'error' in outcome;
    made.push({ ...call, startedAt, ...(isDead ? { endedAt: Infinity } : { endedAt: (instant += 1), outcome }) });
  };

  await Promise.all(
    contenders.map(async (calls, index) => {
      const store = (index === 0 && doomed) || (stores[index % stores.length] ?? first);
      const headStart = Math.floor(random() * HEAD_START_MAX);
      if (store !== doomed) for (let count = 0; count < headStart; count += 1) await store.findJoinToken('nobody');
      for (const call of calls) await make(call, store);
    }),
  );
  for (const call of afterwards) await make(call, first);
  if (await findOrder(setUp, made)) return made.some(({ outcome }) => outcome === undefined);
  const lines = made.toSorted((one, other) => one.startedAt - other.startedAt).map(described);
  throw new Error(`no order of these calls explains their outcomes:\n${lines.join('\n')}`);
}

function described({ startedAt, endedAt, label, outcome }: MadeCall): string {
  const cause = outcome && 'error' in outcome ? ` (${String(outcome.error)})` : '';
  return `${startedAt}-${endedAt} ${label}: ${outcome?.text ?? 'its process died'}${cause}`;
}
