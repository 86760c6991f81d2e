import type { HistoryKept } from '../../fleet/history.js';
import type { StoreWithAccounts } from '../../accounts/account-store.js';
import type { OperatorStore, StoreCaller } from '../../fleet-store/fleet-store.js';
import { sqliteDialect } from '../lists/dialect.js';
import { createFleetLists } from '../lists/fleet-lists.js';
import { ofCaller, ofNodes } from '../records/behalf.js';
import { operatorPart } from '../records/operator-part.js';
import { createAccountOperations } from './account-operations.js';
import { createAlertKeeping } from './alert-keeping.js';
import { createAlertOperations } from './alert-operations.js';
import { createBulkOperations } from './bulk-operations.js';
import { createCommandOperations } from './command-operations.js';
import type { Database } from './database.js';
import { createSqliteDoorbell } from './doorbell.js';
import { createEventOperations } from './event-operations.js';
import { createFactsKeeping } from './facts-keeping.js';
import { createFleetDatabase } from './fleet-database.js';
import { createFleetOperations } from './fleet-operations.js';
import { createJoinTokenOperations } from './join-token-operations.js';
import { createNodeOperations } from './node-operations.js';
import { createProfileOperations } from './profile-operations.js';
import { createReportOperations, createStatusOperations } from './report-operations.js';
import { createRolloutOperations } from './rollout-operations.js';
import { createSweepOperations } from './sweep-operations.js';
import { createViewOperations } from './view-operations.js';
import { createWebhookOperations } from './webhook-operations.js';

/** A fleet in an SQLite file. */
export interface SqliteStore extends StoreWithAccounts {
  /**
   * Writes the reports that wait and closes the file. Every later operation rejects, and so does one that still waits for
   * another process. Closing twice does nothing.
   */
  close(): void;
  /** When this file was taken as a backup (`backUpSqliteFleet`), until `forgetBackup`; `undefined` for any other file. */
  backupTakenAtMs(): number | undefined;
  /**
   * Makes a restored backup an ordinary fleet. Call it once an operator has handled the consequences of the restore.
   */
  forgetBackup(): Promise<void>;
}

export function createSqliteStore(database: Database, historyKept: HistoryKept): SqliteStore {
  const fleet = createFleetDatabase(database);
  const { close: closeDoorbell, ...doorbell } = createSqliteDoorbell(database);
  const facts = createFactsKeeping(fleet);
  const { flush, saveReport } = createReportOperations(fleet, facts, historyKept);
  const { close: closeEvents, ...events } = createEventOperations(fleet);
  const takenAt = database.prepare<{ backup_taken_at_ms: number | null }>('SELECT backup_taken_at_ms FROM cloudly');
  const forget = database.prepare('UPDATE cloudly SET backup_taken_at_ms = NULL');

  const joinTokensOf = createJoinTokenOperations(fleet);
  const nodesOf = createNodeOperations(fleet, facts);
  const commandsOf = createCommandOperations(fleet);
  const statusesOf = createStatusOperations(fleet, historyKept);
  const profilesOf = createProfileOperations(fleet, facts);
  const listsOf = createFleetLists(sqliteDialect, database.readAside);
  const viewsOf = createViewOperations(fleet);
  const bulkOf = createBulkOperations(fleet);
  const alertsOf = createAlertOperations(fleet);
  const rolloutsOf = createRolloutOperations(fleet);

  const as = (caller: StoreCaller): OperatorStore => {
    const behalf = ofCaller(caller);
    return {
      ...operatorPart({
        ...nodesOf(behalf),
        ...commandsOf(behalf),
        ...joinTokensOf(behalf),
        ...statusesOf(behalf),
        doorbell,
      }),
      ...profilesOf(behalf),
      ...listsOf(behalf),
      ...viewsOf(behalf),
      ...bulkOf(behalf),
      ...alertsOf(behalf),
      ...rolloutsOf(behalf),
    };
  };

  let isOpen = true;
  return {
    ...createFleetOperations(database, historyKept),
    ...joinTokensOf(ofNodes),
    ...nodesOf(ofNodes),
    ...commandsOf(ofNodes),
    ...statusesOf(ofNodes),
    ...events,
    ...createSweepOperations(fleet, facts),
    keepAlerts: createAlertKeeping(fleet),
    saveReport,
    as,
    webhooks: createWebhookOperations(fleet),
    accounts: createAccountOperations(fleet),
    doorbell,
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeDoorbell();
      closeEvents();
      void flush();
      database.close();
    },
    backupTakenAtMs: () => takenAt.get()?.backup_taken_at_ms ?? undefined,
    forgetBackup: () => database.write(() => void forget.run()),
  };
}
