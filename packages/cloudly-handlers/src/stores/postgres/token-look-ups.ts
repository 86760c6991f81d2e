import type { NodeStore, StoredNode } from '../../fleet/node-store.js';
import { createGathering } from '../records/gathering.js';
import { storedNodeOf, type StoredNodeRow } from '../records/rows.js';
import type { Queries } from './database.js';
import type { PresenceVersionRow } from './seen-presences.js';
import type { Statement } from './statement.js';

/** How long a look-up waits for others while there are many. */
const GATHERING_MS = 2;
const BATCH_MAX = 200;

/** A look-up that a lost connection holds up must not hold up the others; the pool bounds them, too. */
const PARALLEL_MAX = 4;

export interface FoundByTokenRow extends StoredNodeRow, PresenceVersionRow {
  current_token_hash: string | null;
  next_token_hash: string | null;
}

/**
 * Finds the nodes of many token hashes by one statement: every heartbeat begins with such a look-up, and most of its cost is
 * that of a statement.
 *
 * @param statement takes an array of hashes, and gives each node once
 * @param onFound is told what the database has of a node that was found
 */
export function createTokenLookUps(
  query: Queries['query'],
  statement: Statement,
  onFound: (row: FoundByTokenRow) => void,
): NodeStore['findNodeByTokenHash'] {
  const { ask } = createGathering<string, StoredNode | undefined>({
    gatherMs: GATHERING_MS,
    batchMax: BATCH_MAX,
    parallelMax: PARALLEL_MAX,
    async work(hashes) {
      const rowByHash = new Map<string, FoundByTokenRow>();
      for (const row of await query<FoundByTokenRow>(statement, [[...new Set(hashes)]])) {
        onFound(row);
        for (const hash of [row.current_token_hash, row.next_token_hash]) if (hash !== null) rowByHash.set(hash, row);
      }
      return hashes.map((hash) => {
        const row = rowByHash.get(hash);
        return row && storedNodeOf(row);
      });
    },
  });
  return ask;
}
