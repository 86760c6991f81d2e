import type { NodeStoreBehaviour } from './behaviour.js';
import { cloudlyBehaviours } from './cloudly-behaviours.js';
import { commandBehaviours } from './command-behaviours.js';
import { deathBehaviours } from './death-behaviours.js';
import { doorbellBehaviours } from './doorbell-behaviours.js';
import { historyBehaviours } from './history-behaviours.js';
import { joinTokenBehaviours } from './join-token-behaviours.js';
import { newNodeBehaviours } from './new-node-behaviours.js';
import { nodeBehaviours } from './node-behaviours.js';
import { raceBehaviours } from './race-behaviours.js';
import { reportBehaviours } from './report-behaviours.js';

/**
 * Every promise of a `NodeStore`, for any test framework:
 *
 *     for (const { name, run } of nodeStoreBehaviours) test(name, () => run(openStore));
 */
export const nodeStoreBehaviours: readonly NodeStoreBehaviour[] = [
  ...cloudlyBehaviours,
  ...joinTokenBehaviours,
  ...newNodeBehaviours,
  ...nodeBehaviours,
  ...reportBehaviours,
  ...historyBehaviours,
  ...commandBehaviours,
  ...doorbellBehaviours,
  ...raceBehaviours,
  ...deathBehaviours,
];
