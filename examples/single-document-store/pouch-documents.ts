import { randomUUID } from 'node:crypto';
import type { Documents, Read } from './documents.js';

type Database = PouchDB.Database<Partial<Stored>>;

interface Stored {
  value: unknown;
  /**
   * Makes each version unique: two writes of the same text would have the same revision, and only one of them could
   * count.
   */
  writeId: string;
}

/** The documents of a PouchDB, or of a CouchDB that PouchDB reaches by its address. */
export async function openPouchDocuments(database: Database): Promise<Documents> {
  await unlessInConflict(database.put(design));

  const count = async (view: string, options: PouchDB.Query.Options<object, number>): Promise<number> => {
    const { rows } = await database.query<number>(view, { ...options, reduce: true });
    return Number(rows[0]?.value ?? 0);
  };

  return {
    async read<Value>(id: string): Promise<Read<Value> | undefined> {
      const document = await unlessMissing(database.get(id));
      if (!document) return undefined;
      const { value, _rev: revision } = document;
      return { value: value as Value, revision };
    },

    insert: (id, value) => unlessInConflict(database.put({ _id: id, ...stored(value) })),
    replace: (id, revision, value) => unlessInConflict(database.put({ _id: id, _rev: revision, ...stored(value) })),
    remove: (id, revision) => unlessInConflict(database.remove(id, revision)),

    async list<Value>(prefix: string, { afterId, limit }: { afterId?: string | undefined; limit?: number } = {}) {
      const { rows } = await database.allDocs({
        include_docs: true,
        startkey: afterId === undefined ? prefix : `${afterId}\0`,
        endkey: `${prefix}\uffff`,
        ...(limit !== undefined && { limit }),
      });
      return rows.flatMap((row) => ('doc' in row && row.doc ? [row.doc.value as Value] : []));
    },

    async nodeIdByTokenHash(tokenHash) {
      const { rows } = await database.query<string>('fleet/token', { key: tokenHash, limit: 1 });
      return rows[0]?.value as string | undefined;
    },

    async nodeIdsToEnd(nowMs, limit) {
      const { rows } = await database.query<string>('fleet/end', { endkey: nowMs, limit });
      return rows.map(({ value }) => value as string);
    },

    countWaiting: (joinTokenId) => count('fleet/waiting', { key: joinTokenId }),

    async countNodes(nowMs) {
      const those = (state: string, fromMs?: number): Promise<number> =>
        count('fleet/standing', { startkey: [state, fromMs ?? null], endkey: [state, {}] });
      const [active, online, pending, revoked] = await Promise.all([
        those('active'),
        those('active', nowMs + 1),
        those('pending'),
        those('revoked'),
      ]);
      return { active, online, pending, revoked };
    },
  };
}

function stored(value: unknown): Stored {
  return { value, writeId: randomUUID() };
}

/** A candidate is not a node, so no view contains it. */
function viewOf(emit: string) {
  return `function (document) {
  var kept = document.value;
  if (document._id.indexOf('node/') !== 0 || kept.isCandidate) return;
  var node = kept.node;
  ${emit}
}`;
}

const stateOf = `(node.revokedAtMs !== undefined ? 'revoked' : node.approvedAtMs === undefined ? 'pending' : 'active')`;

/** In the language of CouchDB's views. */
const design = {
  _id: '_design/fleet',
  views: {
    token: {
      map: viewOf(`[node.currentToken, node.nextToken].forEach(function (token) {
        if (token) emit(token.hash, node.nodeId);
      });`),
    },
    end: { map: viewOf(`if (kept.nextEndAtMs !== undefined) emit(kept.nextEndAtMs, node.nodeId);`) },
    waiting: { map: viewOf(`if (${stateOf} === 'pending') emit(node.joinTokenId);`), reduce: '_count' },
    standing: {
      map: viewOf(`emit([${stateOf}, kept.lastHeartbeat ? kept.lastHeartbeat.expectedByMs : 0]);`),
      reduce: '_count',
    },
  },
};

async function unlessInConflict(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (statusOf(error) === CONFLICT) return false;
    throw error;
  }
}

async function unlessMissing<Document>(read: Promise<Document>): Promise<Document | undefined> {
  try {
    return await read;
  } catch (error) {
    if (statusOf(error) === MISSING) return undefined;
    throw error;
  }
}

const CONFLICT = 409;
const MISSING = 404;

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
}
