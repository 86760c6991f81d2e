import { describe, expect, test } from 'vitest';
import { createMemoryStore } from './memory-store.js';
import { fleetStoreBehaviours } from '../../store-suite.js';

describe('the in-memory store', () => {
  const open = async () => ({ store: createMemoryStore(), close: async () => undefined });

  test.for(fleetStoreBehaviours)('$name', async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });
});
