import { createLocalDoorbell } from '../../fleet/doorbell.js';
import { type HistoryOptions, resolveHistory } from '../../fleet/history.js';
import type { StoreWithAccounts } from '../../accounts/account-store.js';
import type { OperatorStore } from '../../fleet-store/fleet-store.js';
import type { SavedView } from '../../fleet-store/saved-view.js';
import { type Behalf, ofCaller, ofNodes, writtenEvent } from '../records/behalf.js';
import { operatorPart } from '../records/operator-part.js';
import { createAccountOperations } from './account-operations.js';
import { createAlertKeeping } from './alert-keeping.js';
import { createAlertReading } from './alert-reading.js';
import { createAlertWork } from './alert-work.js';
import { createBulkOperations } from './bulk-operations.js';
import { createBulkWork } from './bulk-work.js';
import { createCommandOperations } from './command-operations.js';
import { createEventLog } from './event-log.js';
import { createEventReading } from './event-operations.js';
import { createFleetOperations } from './fleet-operations.js';
import { createJoinTokenOperations } from './join-token-operations.js';
import { createListOperations } from './list-operations.js';
import { createMaintenanceOperations } from './maintenance-operations.js';
import type { MemoryFleet } from './memory-fleet.js';
import { createNodeEntries } from './node-entries.js';
import { createNodeOperations } from './node-operations.js';
import { createProfileOperations } from './profile-operations.js';
import { createReportOperations } from './report-operations.js';
import { createRolloutOperations } from './rollout-operations.js';
import { createRolloutWork } from './rollout-work.js';
import { createSweepOperations } from './sweep-operations.js';
import { createViewOperations } from './view-operations.js';
import { createWebhookOperations, createWebhookWork } from './webhook-operations.js';

export interface MemoryStoreOptions {
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

/** A fleet that exists as long as the process, for tests and experiments. */
export function createMemoryStore({ history }: MemoryStoreOptions = {}): StoreWithAccounts {
  const events = createEventLog();
  const fleet: MemoryFleet = {
    joinTokens: new Map(),
    nodes: createNodeEntries(),
    events,
    historyKept: resolveHistory(history),
  };
  const views = new Map<string, SavedView>();
  const bulk = createBulkWork();
  const alerts = createAlertWork();
  const rollouts = createRolloutWork();
  const webhookWork = createWebhookWork();
  const doorbell = createLocalDoorbell();

  const nodeOperations = (behalf: Behalf) => ({
    doorbell,
    ...createJoinTokenOperations(fleet, behalf),
    ...createNodeOperations(fleet, behalf),
    ...createReportOperations(fleet, behalf),
    ...createCommandOperations(fleet, behalf),
  });

  const operatorStore = (behalf: Behalf): OperatorStore => {
    const lists = createListOperations(fleet, behalf);
    return {
      ...operatorPart(nodeOperations(behalf)),
      ...lists,
      ...createProfileOperations(fleet, behalf),
      ...createEventReading(fleet, behalf),
      ...createViewOperations(views, events, behalf),
      ...createBulkOperations(bulk, events, { list: lists.listFleet, behalf }),
      ...createAlertReading(fleet, alerts, behalf),
      ...createMaintenanceOperations(fleet, alerts, behalf),
      ...createRolloutOperations(fleet, rollouts, behalf),
    };
  };

  return {
    ...nodeOperations(ofNodes),
    ...createFleetOperations(fleet, [bulk, alerts, rollouts, webhookWork]),
    ...createSweepOperations(fleet),
    keepAlerts: createAlertKeeping(fleet, alerts),
    as: (caller) => operatorStore(ofCaller(caller)),
    eventsEpoch: async () => events.epoch(),
    async renewEvents(takenAtMs, caller) {
      events.renew();
      events.tell([writtenEvent(ofCaller(caller), { kind: 'fleet-recovered', details: { takenAtMs } })]);
    },
    webhooks: createWebhookOperations(webhookWork, events),
    accounts: createAccountOperations(events),
    onWritten: events.onWritten,
    onNews: (onNews) => events.onWritten(() => onNews()),
  };
}
