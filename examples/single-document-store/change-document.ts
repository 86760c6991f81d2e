import { FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import type { Documents, Read } from './documents.js';

/** An attempt fails only if another change of the same document came first. */
const ATTEMPTS_MAX = 1000;
const PAUSE_MAX_MS = 10;

/** Calls `attempt` until it has a result, with growing, random pauses. */
export async function untilDone<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 1; count <= ATTEMPTS_MAX; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
    const pauseMs = Math.random() * Math.min(count, PAUSE_MAX_MS);
    await new Promise((resolve) => void setTimeout(resolve, pauseMs));
  }
  throw new FleetStoreError('contention', `A document was changed by others ${ATTEMPTS_MAX} times in a row`);
}

/**
 * Reads a document, lets `decide` create its next value, and stores that unless it was changed in the meantime; then it
 * starts again. `decide` returns `undefined` if nothing changes.
 *
 * @returns what was read, and whether it was changed; `undefined` when there is no such document.
 */
export async function changeDocument<Value extends object>(
  documents: Documents,
  id: string,
  decide: (value: Value) => Value | undefined,
  read: () => Promise<Read<Value> | undefined> = () => documents.read<Value>(id),
): Promise<{ value: Value; isChanged: boolean } | undefined> {
  const done = await untilDone(async () => {
    const found = await read();
    if (!found) return 'missing';
    const next = decide(found.value);
    if (!next) return { value: found.value, isChanged: false };
    return (await documents.replace(id, found.revision, next)) ? { value: next, isChanged: true } : undefined;
  });
  return done === 'missing' ? undefined : done;
}
