import { describe, expect, test } from 'vitest';
import { createMemoryStore } from './memory-store.js';
import { accountStoreBehaviours, fleetStoreBehaviours, nodeStoreBehaviours } from '../../store-suite.js';

describe('the in-memory store', () => {
  const open = async () => ({ store: createMemoryStore(), close: async () => undefined });

  test.for(nodeStoreBehaviours)('$name', async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });

  test.for([...fleetStoreBehaviours, ...accountStoreBehaviours])('$name', async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });
});
