import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyHistory } from '../../test/rollouts/any-history.js';
import { playHistory } from '../../test/rollouts/play-history.js';

test('whatever happens to devices, operators and servers, no invariant is broken', async () => {
  const holds = fc.asyncProperty(anyHistory, (history) => playHistory(history));
  const running = fc.assert(holds, { numRuns: howMany(40, 2000), seed: 1 });
  await expect(running).resolves.toBeUndefined();
});
