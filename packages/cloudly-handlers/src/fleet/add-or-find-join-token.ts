import type { NodeStore } from './node-store.js';
import type { JoinTokenRecord } from './join-token-record.js';

/** The stored record: this one, or an existing one. */
export async function addOrFindJoinToken(
  store: Pick<NodeStore, 'addJoinToken' | 'findJoinToken'>,
  record: JoinTokenRecord,
): Promise<JoinTokenRecord> {
  try {
    await store.addJoinToken(record);
    return record;
  } catch (error) {
    const known = await store.findJoinToken(record.id);
    if (known) return known;
    throw error;
  }
}
