import { createJoinToken, type NodeStore, type NodeRecord } from '@serve.zone/baseos-cloudly-handlers';
import { type Death, nodeStoreBehaviours, type OpenedStore } from '@serve.zone/baseos-cloudly-handlers/store-suite';
import { describe, expect, test } from 'vitest';
import { createDocumentStore } from '../document-store.js';
import type { Documents } from '../documents.js';
import { documentIds, type NodeDocument } from '../fleet-documents.js';
import { openPouchDocuments } from '../pouch-documents.js';
import { dyingDocuments } from './dying-documents.js';
import { hastyStores } from './hasty-stores.js';
import { openDatabase } from './pouch-database.js';
import { slowDocuments } from './slow-documents.js';

/** Stores on new and empty documents, whose operations take their time. */
function openWith(createStore: (documents: Documents) => NodeStore) {
  return async (): Promise<OpenedStore> => {
    const database = openDatabase();
    const documents = slowDocuments(await openPouchDocuments(database), Math.random);
    const openOn = (seen: Documents): OpenedStore => ({
      store: createStore(seen),
      openAgain: async () => openOn(documents),
      openDoomed: async (death) => openOn(dyingDocuments(documents, death)),
      close: async () => undefined,
    });
    return openOn(documents);
  };
}

describe('a store that is atomic on one document at a time', { timeout: 300_000 }, () => {
  test.for(nodeStoreBehaviours)('$name', async ({ run }) => {
    await expect(run(openWith(createDocumentStore))).resolves.toBeUndefined();
  });
});

describe('an unfinished change of a dead process', () => {
  const DAY_MS = 24 * 3_600_000;
  const node = (nodeId: string, joinTokenId: string): NodeRecord => ({
    nodeId,
    revision: 1,
    approvalCode: 'ABCD1234',
    joinTokenId,
    registeredAtMs: 0,
    bootId: 'boot-1',
    supersededBoots: [],
  });

  /** Registers a node by a process that dies at this step. Resolves with whether it did. */
  const registerAndDie = async (documents: Documents, joinTokenId: string, death: Death): Promise<boolean> => {
    const doomed = createDocumentStore(dyingDocuments(documents, death));
    return doomed.createNode(node(`n${death.atStep}-${death.isCarriedOut}`, joinTokenId), 0).then(
      () => false,
      () => true,
    );
  };

  test.for([undefined, 50])('is cleaned up without a trace (maxPending %s)', async (maxPending) => {
    const documents = await openPouchDocuments(openDatabase());
    const store = createDocumentStore(documents);
    const { record } = await createJoinToken(store, { uses: 100, now: () => 0, maxPending });
    let deaths = 0;
    for (const isCarriedOut of [false, true]) {
      for (let atStep = 0; await registerAndDie(documents, record.id, { atStep, isCarriedOut }); atStep += 1)
        deaths += 1;
    }
    expect(deaths).toBeGreaterThan(10);
    expect(await documents.list(documentIds.nodes)).toContainEqual(expect.objectContaining({ isCandidate: true }));

    await store.tidy(DAY_MS);
    const kept = await documents.list<NodeDocument>(documentIds.nodes);
    expect(kept.filter(({ isCandidate }) => isCandidate)).toEqual([]);
    const joinToken = { ...record, usedCount: kept.length };
    await store.tidy(DAY_MS + DAY_MS);
    expect(await documents.list(documentIds.joinTokens)).toEqual([{ joinToken, decisions: {} }]);
  });

  test('is left alone while a process may still be working on it', async () => {
    const documents = await openPouchDocuments(openDatabase());
    const store = createDocumentStore(documents);
    const { record } = await createJoinToken(store, { now: () => 0 });
    const candidateKept = { atStep: 2, isCarriedOut: true };
    expect(await registerAndDie(documents, record.id, candidateKept)).toBe(true);
    await store.tidy(1000);
    expect(await documents.list(documentIds.nodes)).toEqual([expect.objectContaining({ isCandidate: true })]);
    expect(await store.listNodes({ limit: 10 })).toEqual([]);
  });
});

describe('the suite of behaviours', () => {
  const whenNodesMeet = nodeStoreBehaviours.filter(({ name }) => /^(?:treats|leaves)/.test(name));

  test.for(Object.entries(hastyStores))('detects a store that %s', async ([, createStore]) => {
    const run = async (): Promise<string | undefined> => {
      for (const behaviour of whenNodesMeet) {
        const fault = await behaviour.run(openWith(createStore)).then(
          () => undefined,
          (error: unknown) => String(error),
        );
        if (fault !== undefined) return fault;
      }
      return undefined;
    };
    expect(await run()).toContain('no order of these calls explains their outcomes');
  });
});
