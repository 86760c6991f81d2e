import type { StoreWithAccounts } from '../../../accounts/account-store.js';
import type { StoreBehaviour } from '../behaviour.js';
import { keepingBehaviours } from './keeping-behaviours.js';
import { accountRaceBehaviours } from './account-race-behaviours.js';

/** One promise of an `AccountStore`. */
export type AccountStoreBehaviour = StoreBehaviour<StoreWithAccounts>;

/**
 * Every promise that an `AccountStore` keeps, for any test framework:
 *
 *     for (const { name, run } of accountStoreBehaviours) test(name, () => run(openStore));
 */
export const accountStoreBehaviours: readonly AccountStoreBehaviour[] = [
  ...keepingBehaviours,
  ...accountRaceBehaviours,
];
