import type { Database } from './database.js';
import { createEventLog, type EventLog } from './event-log.js';
import { createScopedReads, type ScopedReads } from './scoped-reads.js';

/** A fleet's database, whose changes are told as events, and whose reads may be within a scope. */
export interface FleetDatabase extends Omit<Database, 'write'>, EventLog, ScopedReads {}

export function createFleetDatabase(database: Database): FleetDatabase {
  return { ...database, ...createEventLog(database), ...createScopedReads(database) };
}
