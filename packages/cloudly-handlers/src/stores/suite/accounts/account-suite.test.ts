import { describe, expect, test } from 'vitest';
import { type AccountFault, accountStoreFaults } from '../../../../test/account-store-faults/account-store-faults.js';
import type { StoreWithAccounts } from '../../../accounts/account-store.js';
import { createMemoryStore } from '../../memory/memory-store.js';
import type { OpenStore } from '../behaviour.js';
import { accountStoreBehaviours } from './account-store-behaviours.js';

describe('the suite of behaviours for stores of accounts', () => {
  const cases = Object.entries(accountStoreFaults).flatMap(([name, fault]) =>
    fault.breaks.map((broken) => [name, broken, fault] as const),
  );

  test.for(cases)('detects a store that %s: it no longer %s', async ([, broken, fault]) => {
    const behaviour = accountStoreBehaviours.find(({ name }) => name.startsWith(broken));
    if (!behaviour) throw new Error(`There is no behaviour that begins with "${broken}"`);
    await expect(behaviour.run(openWith(fault))).rejects.toThrow(/expected/);
  });

  test('has no behaviour that no fault breaks', () => {
    const unbroken = accountStoreBehaviours.filter(({ name }) => !cases.some(([, begins]) => name.startsWith(begins)));
    expect(unbroken.map(({ name }) => name)).toEqual([]);
  });

  test.for(accountStoreBehaviours)('lets a store pass that $name', async ({ run }) => {
    await expect(run(openWith({ breaks: [], accounts: () => ({}) }))).resolves.toBeUndefined();
  });
});

/** Two processes on the same data. */
function openWith(fault: AccountFault): OpenStore<StoreWithAccounts> {
  return async () => {
    const model = createMemoryStore();
    const store = { ...model, accounts: { ...model.accounts, ...fault.accounts(model.accounts) } };
    const close = async () => undefined;
    return { store, openAgain: async () => ({ store, close }), close };
  };
}
