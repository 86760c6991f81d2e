import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../test/fleet-store-faults/fault.js';
import { fleetStoreFaults } from '../../../../test/fleet-store-faults/fleet-store-faults.js';
import type { FleetStore, OperatorStore, StoreCaller } from '../../../fleet-store/fleet-store.js';
import { createMemoryStore } from '../../memory/memory-store.js';
import type { OpenStore } from '../behaviour.js';
import { fleetStoreBehaviours } from './fleet-store-behaviours.js';
import { newsBehavioursWithin } from './news-behaviours.js';

/** Of the news, one that does not wait for long. */
const behaviours = [
  ...fleetStoreBehaviours.filter(({ name }) => !name.startsWith('has news')),
  ...newsBehavioursWithin(20),
];

describe('the suite of behaviours for operators', () => {
  const cases = Object.entries(fleetStoreFaults).flatMap(([name, fault]) =>
    fault.breaks.map((broken) => [name, broken, fault] as const),
  );

  test.for(cases)('detects a store that %s: it no longer %s', async ([, broken, fault]) => {
    const behaviour =
      behaviours.find(({ name }) => name === broken) ?? behaviours.find(({ name }) => name.startsWith(broken));
    if (!behaviour) throw new Error(`There is no behaviour that begins with "${broken}"`);
    await expect(behaviour.run(openWith(fault))).rejects.toThrow(/expected/);
  });

  test('has no behaviour that no fault breaks', () => {
    const broken = cases.map(([, begins]) => begins);
    const unbroken = behaviours.filter(({ name }) => !broken.some((begins) => name.startsWith(begins)));
    expect(unbroken.map(({ name }) => name)).toEqual([]);
  });

  test.for(behaviours)('lets a store pass that $name', async ({ run }) => {
    await expect(run(openWith({ breaks: [] }))).resolves.toBeUndefined();
  });
});

/** Two processes on the same data. */
function openWith({ store: ofStore, operator: ofOperator, other: ofOther }: Fault): OpenStore<FleetStore> {
  return async () => {
    const model = createMemoryStore();
    const faulty = { ...model, ...ofStore?.(model) };
    const open = () => ({
      ...faulty,
      as(by: StoreCaller): OperatorStore {
        const operator = faulty.as(by);
        return { ...operator, ...ofOperator?.(operator, by, model) };
      },
    });
    const close = async () => undefined;
    const openAgain = async () => {
      const again = open();
      return { store: { ...again, ...ofOther?.(again) }, close };
    };
    return { store: open(), openAgain, close };
  };
}
