import type { FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import { fleetStoreBehaviours, type OpenedStore } from '@serve.zone/baseos-cloudly-handlers/store-suite';
import { describe, expect, test } from 'vitest';
import { createDocumentStore } from '../document-store.js';
import type { Documents } from '../documents.js';
import { openPouchDocuments } from '../pouch-documents.js';
import { dyingDocuments } from './dying-documents.js';
import { hastyStores } from './hasty-stores.js';
import { openDatabase } from './pouch-database.js';
import { slowDocuments } from './slow-documents.js';

/** Stores on new and empty documents, whose operations take their time. */
const openWith = (createStore: (documents: Documents) => FleetStore) => async (): Promise<OpenedStore> => {
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

describe('a store that is atomic on one document at a time', () => {
  test.for(fleetStoreBehaviours)('$name', async ({ run }) => {
    await expect(run(openWith(createDocumentStore))).resolves.toBeUndefined();
  });
});

describe('the suite of behaviours', () => {
  const whenNodesMeet = fleetStoreBehaviours.filter(({ name }) => /^(?:treats|leaves)/.test(name));

  test.for(Object.entries(hastyStores))('finds a store that %s', async ([, createStore]) => {
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
    expect(await run()).toContain('no order of these calls explains what they came to');
  });
});
