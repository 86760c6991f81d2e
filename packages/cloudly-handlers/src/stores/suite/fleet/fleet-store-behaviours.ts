import type { FleetStoreBehaviour } from '../behaviour.js';
import { alertBehaviours } from './alert-behaviours.js';
import { bulkBehaviours } from './bulk-behaviours.js';
import { eventBehaviours } from './event-behaviours.js';
import { factBehaviours } from './fact-behaviours.js';
import { listBehaviours } from './list-behaviours.js';
import { memberBehaviours } from './member-behaviours.js';
import { maintenanceBehaviours } from './maintenance-behaviours.js';
import { newsBehaviours } from './news-behaviours.js';
import { profileBehaviours } from './profile-behaviours.js';
import { rolloutBehaviours } from './rollout-behaviours.js';
import { rolloutCommandBehaviours } from './rollout-command-behaviours.js';
import { scopeBehaviours } from './scope-behaviours.js';
import { stateBehaviours } from './state-behaviours.js';
import { viewBehaviours } from './view-behaviours.js';
import { webhookBehaviours } from './webhook-behaviours.js';

/**
 * Every promise that a `FleetStore` keeps beside those of a `NodeStore`, for any test framework:
 *
 *     for (const { name, run } of [...nodeStoreBehaviours, ...fleetStoreBehaviours]) test(name, () => run(openStore));
 */
export const fleetStoreBehaviours: readonly FleetStoreBehaviour[] = [
  ...factBehaviours,
  ...stateBehaviours,
  ...profileBehaviours,
  ...listBehaviours,
  ...eventBehaviours,
  ...newsBehaviours,
  ...scopeBehaviours,
  ...viewBehaviours,
  ...bulkBehaviours,
  ...alertBehaviours,
  ...maintenanceBehaviours,
  ...webhookBehaviours,
  ...rolloutBehaviours,
  ...memberBehaviours,
  ...rolloutCommandBehaviours,
];
