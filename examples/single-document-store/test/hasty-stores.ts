import { randomUUID } from 'node:crypto';
import {
  type CreateNodeOutcome,
  type NodeStore,
  joinTokenState,
  type NodeRecord,
} from '@serve.zone/baseos-cloudly-handlers';
import { changeDocument } from '../change-document.js';
import { createDocumentStore } from '../document-store.js';
import type { Documents } from '../documents.js';
import { documentIds, type JoinTokenDocument, type NodeDocument } from '../fleet-documents.js';

type CreateNode = (documents: Documents, node: NodeRecord, nowMs: number) => Promise<CreateNodeOutcome>;

/** Stores as somebody in a hurry would write them. Each is wrong when nodes meet, or when a process dies. */
export const hastyStores: Record<string, (documents: Documents) => NodeStore> = {
  'gives back the use that another attempt of the same node took': withCreateNode(async (documents, node, nowMs) => {
    if (await documents.read(documentIds.node(node.nodeId))) return 'node-exists';
    const refusal = await takeUse(documents, node, nowMs, node.nodeId);
    if (refusal) return refusal;
    if (await keepNode(documents, node)) return 'created';
    await giveBack(documents, node, node.nodeId);
    return 'node-exists';
  }),

  'takes a use for each attempt, and loses it when the process dies': withCreateNode(async (documents, node, nowMs) => {
    if (await documents.read(documentIds.node(node.nodeId))) return 'node-exists';
    const attemptId = randomUUID();
    const refusal = await takeUse(documents, node, nowMs, attemptId);
    if (refusal) return refusal;
    if (await keepNode(documents, node)) return 'created';
    await giveBack(documents, node, attemptId);
    return 'node-exists';
  }),

  'makes the node first, and removes it when there is no use for it': withCreateNode(async (documents, node, nowMs) => {
    if (!(await keepNode(documents, node))) return 'node-exists';
    const refusal = await takeUse(documents, node, nowMs, node.nodeId);
    const kept = refusal && (await documents.read(documentIds.node(node.nodeId)));
    if (kept) await documents.remove(documentIds.node(node.nodeId), kept.revision);
    return refusal ?? 'created';
  }),

  'looks at the join token, and counts the use later': withCreateNode(async (documents, node, nowMs) => {
    if (await documents.read(documentIds.node(node.nodeId))) return 'node-exists';
    const token = await documents.read<JoinTokenDocument>(documentIds.joinToken(node.joinTokenId));
    if (!token || joinTokenState(token.value.joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
    if (!(await keepNode(documents, node))) return 'node-exists';
    await changeDocument<JoinTokenDocument>(documents, documentIds.joinToken(node.joinTokenId), (document) => {
      const { joinToken } = document;
      return { ...document, joinToken: { ...joinToken, usedCount: joinToken.usedCount + 1 } };
    });
    return 'created';
  }),

  'shows a node that was let in only once its document says so': (documents) => {
    const store = createDocumentStore(documents);
    return {
      ...store,
      async findNode(nodeId) {
        const found = await documents.read<NodeDocument>(documentIds.node(nodeId));
        return found?.value.isCandidate ? undefined : store.findNode(nodeId);
      },
    };
  },

  'counts those that wait by an index that lags': (documents) => {
    let lagging = 0;
    return createDocumentStore({
      ...documents,
      async countWaiting(joinTokenId) {
        const before = lagging;
        lagging = await documents.countWaiting(joinTokenId);
        return Math.min(before, lagging);
      },
    });
  },

  'writes over what others have written since it read': (documents) =>
    createDocumentStore({
      ...documents,
      async replace(id, revision, value) {
        const current = await documents.read(id);
        return documents.replace(id, current?.revision ?? revision, value);
      },
    }),

  'makes a document where another has made one since it looked': (documents) =>
    createDocumentStore({
      ...documents,
      async insert(id, value) {
        if (await documents.insert(id, value)) return true;
        const current = await documents.read(id);
        return current ? documents.replace(id, current.revision, value) : false;
      },
    }),

  'reads from a replica that lags': (documents) => {
    const replica = new Map<string, unknown>();
    return createDocumentStore({
      ...documents,
      async read<Value>(id: string) {
        const lagging = replica.get(id);
        const current = await documents.read<Value>(id);
        replica.set(id, current);
        return (lagging as typeof current) ?? current;
      },
    });
  },
};

function withCreateNode(createNode: CreateNode): (documents: Documents) => NodeStore {
  return (documents) => ({
    ...createDocumentStore(documents),
    createNode: (node, nowMs) => createNode(documents, node, nowMs),
  });
}

function keepNode(documents: Documents, node: NodeRecord): Promise<boolean> {
  const document: NodeDocument = {
    node,
    attemptId: randomUUID(),
    counts: { detail: 0, hours: 0 },
    history: { detail: [], hours: [] },
    commands: [],
  };
  return documents.insert(documentIds.node(node.nodeId), document);
}

interface NotedUses extends JoinTokenDocument {
  takers?: string[];
}

/** Takes one use per taker, and enforces `maxPending` as well as these stores can. */
async function takeUse(
  documents: Documents,
  node: NodeRecord,
  nowMs: number,
  taker: string,
): Promise<CreateNodeOutcome | undefined> {
  let refusal: CreateNodeOutcome | undefined;
  const waitingCount = node.approvedAtMs === undefined ? await documents.countWaiting(node.joinTokenId) : 0;
  const changed = await changeDocument<NotedUses>(documents, documentIds.joinToken(node.joinTokenId), (document) => {
    const { joinToken, takers = [] } = document;
    refusal = undefined;
    if (takers.includes(taker)) return undefined;
    if (joinTokenState(joinToken, nowMs) !== 'usable') refusal = 'join-token-not-usable';
    else if (waitingCount >= (joinToken.maxPending ?? Infinity)) refusal = 'too-many-pending';
    if (refusal) return undefined;
    return {
      ...document,
      joinToken: { ...joinToken, usedCount: joinToken.usedCount + 1 },
      takers: [...takers, taker],
    };
  });
  return changed ? refusal : 'join-token-not-usable';
}

async function giveBack(documents: Documents, node: NodeRecord, taker: string): Promise<void> {
  await changeDocument<NotedUses>(documents, documentIds.joinToken(node.joinTokenId), (document) => {
    const { joinToken, takers = [] } = document;
    if (!takers.includes(taker)) return undefined;
    return {
      ...document,
      joinToken: { ...joinToken, usedCount: joinToken.usedCount - 1 },
      takers: takers.filter((other) => other !== taker),
    };
  });
}
