import type { Documents } from '../documents.js';

/** Waits at random before and after each operation, so that those of concurrent callers come in any order. */
export function slowDocuments(documents: Documents, random: () => number): Documents {
  return around(documents, async (operate) => {
    await delay(random);
    const result = await operate();
    await delay(random);
    return result;
  });
}

/** Documents each operation of which is carried out by `carryOut`. */
export function around(
  documents: Documents,
  carryOut: (operate: () => Promise<unknown>, name: keyof Documents) => Promise<unknown>,
): Documents {
  return new Proxy(documents, {
    get: (target, name: keyof Documents) => {
      const operation = target[name] as (...parameters: unknown[]) => Promise<unknown>;
      return (...parameters: unknown[]) => carryOut(() => operation.apply(target, parameters), name);
    },
  });
}

/** Some turns of the event loop: mostly few, and now and then many. */
async function delay(random: () => number): Promise<void> {
  const turnsMax = random() < 0.1 ? 30 : 3;
  for (let turns = Math.floor(turnsMax * random()); turns > 0; turns -= 1) {
    await new Promise((resolve) => void setImmediate(resolve));
  }
}
