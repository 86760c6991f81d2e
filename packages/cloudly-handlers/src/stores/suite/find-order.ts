import type { NodeStore } from '../../fleet/node-store.js';
import { createMemoryStore } from '../memory/memory-store.js';
import { canonicalJson } from '../../fleet/canonical-json.js';

/** One call of an operation of a store. */
export interface Call {
  label: string;
  run(this: void, store: NodeStore): Promise<unknown>;
}

/** A call that was made. Its instants are numbered, and only their order matters. */
export interface MadeCall extends Call {
  startedAt: number;
  /** `Infinity` if it may still take place, because its process died. */
  endedAt: number;
  /** Absent if its process died: it has taken place or not. */
  outcome?: Outcome;
}

export interface Outcome {
  /** The value that the call resolved with, as comparable text; `rejected` if it rejected. */
  text: string;
  /** Why it rejected. */
  error?: unknown;
}

export async function outcomeOf(call: Call, store: NodeStore): Promise<Outcome> {
  try {
    return { text: canonicalJson(await call.run(store)) };
  } catch (error) {
    return { text: 'rejected', error };
  }
}

/**
 * Looks for an order in which the calls, made one after the other on a store in memory, have the outcomes that they had. A
 * call that ended before another one started comes before it.
 *
 * @returns the calls in that order; `undefined` if no order explains their outcomes.
 */
export async function findOrder(
  setUp: Call['run'],
  calls: readonly MadeCall[],
): Promise<readonly MadeCall[] | undefined> {
  const known = new Set<string>();

  /** `model` is a store on which the calls of `order` were made. It may be used up. */
  const extend = async (order: readonly MadeCall[], model: NodeStore): Promise<readonly MadeCall[] | undefined> => {
    const rest = calls.filter((call) => !order.includes(call));
    if (rest.every(({ outcome }) => outcome === undefined)) return order;
    const firstEnd = Math.min(...rest.map(({ endedAt }) => endedAt));
    const candidates = rest.filter(({ startedAt }) => startedAt < firstEnd);
    const [only] = candidates;
    if (only && candidates.length === 1) {
      return (await explains(only, model)) ? extend([...order, only], model) : undefined;
    }
    for (const next of candidates.toSorted((one, other) => one.endedAt - other.endedAt)) {
      const tried = await modelAfter(setUp, order);
      if (!(await explains(next, tried))) continue;
      const longer = [...order, next];
      // If the same calls have led to the same fleet, their order no longer matters.
      const state = canonicalJson([calls.map((call) => longer.includes(call)), await fleetIn(tried)]);
      if (known.has(state)) continue;
      known.add(state);
      const found = await extend(longer, tried);
      if (found) return found;
    }
    return undefined;
  };
  return extend([], await modelAfter(setUp, []));
}

async function explains(call: MadeCall, model: NodeStore): Promise<boolean> {
  const { text } = await outcomeOf(call, model);
  return call.outcome === undefined || call.outcome.text === text;
}

async function modelAfter(setUp: Call['run'], order: readonly Call[]): Promise<NodeStore> {
  const model = createMemoryStore();
  await setUp(model);
  for (const call of order) await outcomeOf(call, model);
  return model;
}

async function fleetIn(store: NodeStore): Promise<unknown> {
  const nodes = await store.listNodes({ limit: 1000 });
  const parts = nodes.map(async ({ node: { nodeId } }) => [
    await store.findStatus(nodeId),
    await store.listHistory(nodeId, 'detail'),
    await store.listCommands(nodeId, 1000),
  ]);
  return [await store.listJoinTokens(), nodes, await Promise.all(parts)];
}
