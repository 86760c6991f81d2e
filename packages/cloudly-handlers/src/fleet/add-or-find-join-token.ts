import type { FleetStore } from './fleet-store.js';
import type { JoinTokenRecord } from './join-token-record.js';

/** The stored record: this one, or an existing one. */
export async function addOrFindJoinToken(store: FleetStore, record: JoinTokenRecord): Promise<JoinTokenRecord> {
  try {
    await store.addJoinToken(record);
    return record;
  } catch (error) {
    const known = await store.findJoinToken(record.id);
    if (known) return known;
    throw error;
  }
}
