import { factFaults } from './fact-faults.js';
import { stateFaults } from './state-faults.js';
import { profileFaults } from './profile-faults.js';
import { listFaults } from './list-faults.js';
import { eventFaults } from './event-faults.js';
import { scopeFaults } from './scope-faults.js';
import { viewFaults } from './view-faults.js';
import { alertFaults } from './alert-faults.js';
import { bulkFaults } from './bulk-faults.js';
import { webhookFaults } from './webhook-faults.js';
import { rolloutFaults } from './rollout-faults.js';
import type { Faults } from './fault.js';

/** Faults that the suite for stores for operators notices, each by what it would be called. */
export const fleetStoreFaults: Faults = {
  ...factFaults,
  ...stateFaults,
  ...profileFaults,
  ...listFaults,
  ...eventFaults,
  ...scopeFaults,
  ...viewFaults,
  ...bulkFaults,
  ...alertFaults,
  ...webhookFaults,
  ...rolloutFaults,
};
