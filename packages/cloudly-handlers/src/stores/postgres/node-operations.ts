import { approvalOf } from '../../facts/approval.js';
import { changesOfRemoval } from '../../events/node-changes.js';
import { shownName } from '../../facts/node-facts.js';
import type { CreateNodeOutcome, NodeStore } from '../../fleet/node-store.js';
import { joinTokenState } from '../../fleet/join-token.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { deriveCreated, deriveReplaced } from '../records/derive-node.js';
import { nodeEvents } from '../records/node-events.js';
import { firstProfile } from '../records/first-profile.js';
import { labelRows, profileColumns } from '../records/profile-rows.js';
import {
  acceptedBootId,
  joinTokenOf,
  type JoinTokenRow,
  nodeColumns,
  storedNodeOf,
  type StoredNodeRow,
} from '../records/rows.js';
import type { FactsKeeping } from './facts-keeping.js';
import { scopeValue } from './in-scope.js';
import { nodeStatements } from './node-statements.js';
import { saveRows } from './save-rows.js';
import type { Telling } from './telling.js';

export type NodeOperations = Pick<NodeStore, 'createNode' | 'findNode' | 'listNodes' | 'replaceNode' | 'removeNode'>;

export function createNodeOperations({ query, transaction }: Telling, schema: string, facts: FactsKeeping) {
  const node = nodeStatements(schema);

  return (behalf: Behalf): NodeOperations => {
    const scope = scopeValue(behalf.scope);
    return {
      createNode: (record, nowMs) =>
        transaction(async (queries): Promise<CreateNodeOutcome> => {
          const [tokenRow] = await queries.query<JoinTokenRow>(node.lockJoinToken, [record.joinTokenId]);
          const [known] = await queries.query<NewNodeFacts>(node.judge, [record.nodeId, record.joinTokenId]);
          if (known?.is_known) return 'node-exists';
          const joinToken = tokenRow && joinTokenOf(tokenRow);
          if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
          const isPending = approvalOf(record) === 'pending';
          const maxPending = joinToken.maxPending ?? Infinity;
          if (isPending && Number(known?.pending_count) >= maxPending) return 'too-many-pending';
          const profile = firstProfile(record, joinToken);
          const { revision, record: profileText } = profileColumns(profile);
          const created = await queries.query(node.create, [
            ...Object.values(nodeColumns(record)),
            acceptedBootId(record),
            revision,
            profileText,
          ]);
          // Another join token may have admitted it since.
          if (created.length === 0) return 'node-exists';
          await saveRows(queries, node.addLabels, labelRows(profile));
          const derived = deriveCreated(record, profile, instantOf(behalf, nowMs));
          await facts.write(queries, [{ derived }]);
          const occasion = { atMs: nowMs, askingNodeId: record.nodeId };
          queries.tell(nodeEvents(behalf, record.nodeId, derived.changes, occasion));
          return 'created';
        }),

      async findNode(nodeId) {
        const [row] = await query<StoredNodeRow>(node.find, [nodeId, scope]);
        return row && storedNodeOf(row);
      },

      listNodes: async ({ afterNodeId = '', limit }) =>
        (await query<StoredNodeRow>(node.list, [afterNodeId, limit])).map(storedNodeOf),

      replaceNode: (record) =>
        transaction(async (queries) => {
          const values = [...Object.values(nodeColumns(record)), acceptedBootId(record), scope];
          const [replaced] = await queries.query<{ record: string }>(node.replace, values);
          if (!replaced) return false;
          const before = JSON.parse(replaced.record) as NodeRecord;
          const [sources] = await facts.read(queries, [record.nodeId]);
          if (!sources) return true;
          const derived = deriveReplaced(sources, before, instantOf(behalf));
          await facts.write(queries, [{ derived, before: sources.before }]);
          queries.tell(nodeEvents(behalf, record.nodeId, derived.changes, { askingNodeId: record.nodeId }));
          return true;
        }),

      removeNode: (nodeId) =>
        transaction(async (queries) => {
          // Its commands in the order in which every transaction locks them.
          const [locked] = await queries.query(node.lock, [nodeId, scope]);
          if (!locked) return false;
          await queries.query(node.lockCommands, [nodeId]);
          const [sources] = await facts.read(queries, [nodeId]);
          await queries.query(node.remove, [nodeId]);
          // After that no report of it can be kept, and all that were are seen.
          await queries.query(node.removeHistory, [nodeId]);
          if (!sources) return true;
          const changes = changesOfRemoval(shownName(sources.before.facts));
          queries.tell(nodeEvents(behalf, nodeId, changes), sources.node.registeredAtMs);
          return true;
        }),
    };
  };
}

interface NewNodeFacts {
  is_known: boolean;
  pending_count: number;
}
