import { expect, test } from 'vitest';
import { createLocalDoorbell, type Doorbell } from '../../fleet/doorbell.js';
import { createMemoryStore } from '../memory/memory-store.js';
import type { OpenedStore } from './behaviour.js';
import { doorbellBehavioursWithin } from './doorbell-behaviours.js';

const behaviours = doorbellBehavioursWithin(50);

/** Runs all behaviours on stores with these doorbells, of which each process gets one. */
async function examine(doorbells: () => (Doorbell | undefined)[]): Promise<void> {
  const open = (left: (Doorbell | undefined)[]): OpenedStore => {
    const { doorbell: _own, ...store } = createMemoryStore();
    const [doorbell, ...others] = left;
    return {
      store: { ...store, ...(doorbell && { doorbell }) },
      close: async () => undefined,
      ...(others.length > 0 && { openAgain: async () => open(others) }),
    };
  };
  for (const { run } of behaviours) await run(async () => open(doorbells()));
}

/** A doorbell of two processes. */
function shared(): [Doorbell, Doorbell] {
  const doorbell = createLocalDoorbell();
  return [doorbell, doorbell];
}

test.each<[string, () => (Doorbell | undefined)[]]>([
  ['a doorbell', shared],
  ['none', () => [undefined, undefined]],
  ['one that says it is not heard', () => [{ ...createLocalDoorbell(), isHeard: async () => false }]],
])('a store with %s keeps the promises', async (_what, doorbells) => {
  await expect(examine(doorbells)).resolves.toBe(undefined);
});

/** Doorbells that each break one promise. */
const faults: Record<string, () => Doorbell[]> = {
  'is heard in its own process only': () => [createLocalDoorbell(), createLocalDoorbell()],
  'is heard by the newest only': () => {
    const doorbell = createLocalDoorbell();
    let stop: (() => void) | undefined;
    const listen: Doorbell['listen'] = (onRing) => {
      stop?.();
      return (stop = doorbell.listen(onRing));
    };
    return [{ ...doorbell, listen }];
  },
  'never lets anybody go': () => {
    const doorbell = createLocalDoorbell();
    const listen: Doorbell['listen'] = (onRing) => {
      doorbell.listen(onRing);
      return () => undefined;
    };
    return [{ ...doorbell, listen }];
  },
  'says at first that rings may be lost, and hears none': () => {
    const listen: Doorbell['listen'] = (onRing) => {
      onRing();
      return () => undefined;
    };
    return [{ ...createLocalDoorbell(), listen }];
  },
  'is deaf once nobody has listened': () => {
    const doorbell = createLocalDoorbell();
    let isDeaf = false;
    const listen: Doorbell['listen'] = (onRing) => {
      const stop = isDeaf ? () => undefined : doorbell.listen(onRing);
      return () => {
        isDeaf = true;
        stop();
      };
    };
    return [{ ...doorbell, listen }];
  },
  'rejects a ring that nobody hears': () => {
    const doorbell = createLocalDoorbell();
    let listening = 0;
    const listen: Doorbell['listen'] = (onRing) => {
      listening += 1;
      const stop = doorbell.listen(onRing);
      return () => {
        listening -= 1;
        stop();
      };
    };
    const ring: Doorbell['ring'] = async (nodeId) => {
      if (listening === 0) throw new Error('a ring: nobody expected it');
      await doorbell.ring(nodeId);
    };
    return [{ ...doorbell, listen, ring }];
  },
  'carries every other ring': () => {
    const [doorbell, other] = shared();
    let count = 0;
    const ring: Doorbell['ring'] = async (nodeId) => {
      count += 1;
      if (count % 2 === 1) await other.ring(nodeId);
    };
    return [doorbell, { ...other, ring }];
  },
};

test.each(Object.entries(faults))('detects a doorbell that %s', async (_fault, doorbells) => {
  await expect(examine(doorbells)).rejects.toThrow(/^a ring/);
});
